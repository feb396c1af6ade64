package redpacket.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contestant answers every grab of the same workload rightly: each run checks that itself, and throws if not. */
final class FairComparisonIT {
    static Stream<Contestant> contestants() {
        return Contestants.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldAnswerImpatientUsersRightlyWhoeverAnswers(Contestant contestant) {
        Measured measured = contestant.run(Workload.of("double-click", 3_000), Duration.ofMillis(1));

        assertThat(measured.answers()).isEqualTo(3_000);
        assertThat(measured.nanos()).isPositive();
    }
}
