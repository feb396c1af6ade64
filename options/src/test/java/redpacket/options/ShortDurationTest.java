package redpacket.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ShortDurationTest {
    private final ShortDuration durations = new ShortDuration();

    @Test
    void shouldReadEveryUnit() {
        assertThat(durations.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(durations.convert("10s")).isEqualTo(Duration.ofSeconds(10));
        assertThat(durations.convert("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(durations.convert("24h")).isEqualTo(Duration.ofHours(24));
        assertThat(durations.convert("31d")).isEqualTo(Duration.ofDays(31));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-1s", "1.5h", "1 s", "1w", "9999999999999999s"})
    void shouldRefuseWhatIsNotANumberWithAUnit(String value) {
        assertThatThrownBy(() -> durations.convert(value))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("not a duration");
    }
}
