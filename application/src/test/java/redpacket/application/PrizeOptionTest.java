package redpacket.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;
import redpacket.events.Prize;

final class PrizeOptionTest {
    private final PrizeOption option = new PrizeOption();

    @Test
    void shouldReadPrizesWithAndWithoutAName() {
        assertThat(option.convert("100x50")).isEqualTo(new Prize(100, 50, null));
        assertThat(option.convert("0x1:茶券: 5x")).isEqualTo(new Prize(0, 1, "茶券: 5x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "100", "x50", "100x", "-1x5", "100x-5", "1.5x2", "100X50", "100x50 ", "1x2:", "1x2:a\nb"})
    void shouldRefuseWhatIsNoPrize(String text) {
        assertThatThrownBy(() -> option.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'" + text + "' is no prize");
    }
}
