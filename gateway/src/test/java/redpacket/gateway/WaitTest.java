package redpacket.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=2 | 2",
                "Wait = 0 | 0",
                "respond-async, wait=3 | 3",
                "wait=4; a=b | 4",
                "'wait=\"5\"' | 5",
                "wait=10 | 10",
                "wait=999999999 | 10",
                "wait=9999999999 | 10",
                "wait=-1 | 10",
                "wait=soon | 10",
                "await=2 | 10",
                "handling=strict | 10",
                " | 10",
            })
    void shouldWaitAsPreferredWhenThatIsNotTooLong(String prefer, long seconds) {
        assertThat(Wait.of(prefer, Duration.ofSeconds(10))).isEqualTo(Duration.ofSeconds(seconds));
    }
}
