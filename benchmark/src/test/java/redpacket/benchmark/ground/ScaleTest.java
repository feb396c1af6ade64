package redpacket.benchmark.ground;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class ScaleTest {
    private final Scale.Text text = new Scale.Text();

    @Test
    void shouldParseItsOwnText() {
        Scale scale = text.convert("2x1");

        assertThat(scale).isEqualTo(new Scale(2, 1)).hasToString("2x1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0x1", "1x0", "1x", "1X2", "1x2x3", "-1x1"})
    void shouldRefuseTextThatIsNoScale(String wrong) {
        assertThatThrownBy(() -> text.convert(wrong))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("INSTANCESxTHREADS");
    }

    @ParameterizedTest
    @CsvSource({"1x2, 4, 1x2", "1x2, 1, 1x1", "2x1, 1, 1x1", "3x2, 4, 3x1", "2x2, 4, 2x2"})
    void shouldHaveAPartitionForEachThread(String asked, int partitions, String expected) {
        assertThat(text.convert(asked).within(partitions)).hasToString(expected);
    }
}
