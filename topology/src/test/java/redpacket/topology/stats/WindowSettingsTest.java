package redpacket.topology.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowSettingsTest {
    private static final Duration GRACE = Duration.ofSeconds(5);

    @ParameterizedTest
    @CsvSource({"PT0.099S, false", "PT0.1S, true", "PT24H, true", "PT24H0.001S, false"})
    void shouldAcceptLengthsFromATenthOfASecondToADay(Duration length, boolean possible) {
        assertThat(WindowSettings.isPossible(length)).isEqualTo(possible);
        if (possible) {
            assertThat(WindowSettings.of(length, GRACE).length()).isEqualTo(length);
        } else {
            assertThatThrownBy(() -> WindowSettings.of(length, GRACE)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"6000, false", "6001, true"})
    void shouldForgetNoWindowBeforeItCloses(long retentionMillis, boolean possible) {
        Duration retention = Duration.ofMillis(retentionMillis);
        if (possible) {
            assertThat(new WindowSettings(Duration.ofSeconds(1), GRACE, retention).retention())
                    .isEqualTo(retention);
        } else {
            assertThatThrownBy(() -> new WindowSettings(Duration.ofSeconds(1), GRACE, retention))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("6000 ms");
        }
    }
}
