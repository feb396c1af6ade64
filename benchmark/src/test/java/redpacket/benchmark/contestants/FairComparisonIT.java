package redpacket.benchmark.contestants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Step;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;

/** Every contestant answers every grab of the same workload correctly. Each run checks that, and throws if not. */
final class FairComparisonIT {
    static Stream<Contestant> contestants() {
        return Stream.concat(Contestants.BY_DEFAULT.stream(), Stream.of(Contestants.named("with-sink")));
    }

    @ParameterizedTest
    @MethodSource("contestants")
    void shouldAnswerDoubleClicksCorrectly(Contestant contestant) {
        Measured measured =
                contestant.run(Workload.of("double-click", 3_000), Setup.PLAIN.withRedisDelay(Duration.ofMillis(1)));

        assertThat(measured.answers()).isEqualTo(3_000);
        assertThat(measured.nanos()).isPositive();
    }

    @Test
    void shouldAnswerCorrectlyWhenTwoInstancesShareTheWork() {
        Measured measured =
                Contestants.REDPACKET.run(Workload.of("many", 3_000), Setup.PLAIN.withScale(new Scale(2, 1)));

        assertThat(measured.answers()).isEqualTo(3_000);
    }

    @Test
    void shouldTimeEachStepAfterSettlingWhenGrabsComeAtARate() {
        Latency latency = Contestants.REDPACKET.latency(Workload.of("many", 1_000), 500, 400);

        assertThat(latency.waits().getTotalCount()).isEqualTo(600);
        assertThat(latency.lateness().getTotalCount()).isEqualTo(600);
        assertThat(latency.steps().meanMillis()).isCloseTo(latency.waits().getMean() / 1e3, within(0.1));
        for (Step step : List.of(Step.APPEND, Step.FETCH, Step.FLUSH, Step.COMMIT, Step.READ)) {
            assertThat(latency.steps().meanMillis(step)).as("%s", step).isPositive();
        }
        assertThat(latency.steps().markersMillis()).isPositive();
    }

    static Stream<TimedContestant> contestantsWithoutKafka() {
        return Stream.of(Contestants.REDIS_LUA, Contestants.POSTGRES);
    }

    @ParameterizedTest
    @MethodSource("contestantsWithoutKafka")
    void shouldTimeEachGrabWhenThereIsNoKafka(TimedContestant contestant) {
        Latency latency = contestant.latency(Workload.of("many", 1_000), 2_000, 400);

        assertThat(latency.waits().getTotalCount()).isEqualTo(600);
    }
}
