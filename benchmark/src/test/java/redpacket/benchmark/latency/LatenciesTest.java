package redpacket.benchmark.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.contestants.Latency;
import redpacket.benchmark.figures.Step;
import redpacket.benchmark.figures.Steps;

final class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @Test
    void shouldCompareTheMediansOfTheRoundsAtEachRate() {
        add(Contestants.PASS_THROUGH, 1_000, 100);
        add(Contestants.REDPACKET, 1_000, 120);
        add(Contestants.PASS_THROUGH, 1_000, 110);
        add(Contestants.REDPACKET, 1_000, 5_000);
        add(Contestants.PASS_THROUGH, 1_000, 90);
        add(Contestants.REDPACKET, 1_000, 110);
        add(Contestants.REDPACKET, 20_000, 300);

        assertThat(latencies.ratios()).hasSize(3);
        assertThat(latencies.ratios().get("p99 at 1,000/s: redpacket / pass-through"))
                .isCloseTo(1.2, within(0.01));
        assertThat(latencies.table()).contains("p99.9 at 1,000/s: redpacket / pass-through");
    }

    @Test
    void shouldTellWhereTheWaitGoes() {
        add(Contestants.REDPACKET, 1_000, 100);

        assertThat(latencies.table())
                .contains("steps of the wait at 1,000/s, ms")
                .containsPattern("sent late +2[45]\\.")
                .containsPattern("fetch +0\\.00")
                .containsPattern("reader's fetch +7[45]\\.")
                .containsPattern("all +(99|100)\\.");
    }

    /** Threads note a moment late, and the broker's clock has milliseconds only. */
    @Test
    void shouldAddUpToTheWaitWhenNotedMomentsAreOutOfOrder() {
        Steps steps = new Steps();

        steps.add(
                millis(1),
                Map.of(
                        Step.LATE, millis(3),
                        Step.APPEND, millis(2),
                        Step.FETCH, millis(5),
                        Step.FLUSH, millis(7),
                        Step.COMMIT, millis(99),
                        Step.READ, millis(8)));

        assertThat(steps.meanMillis()).isCloseTo(7, within(0.01));
        assertThat(steps.meanMillis(Step.APPEND)).isZero();
        assertThat(steps.meanMillis(Step.COMMIT)).isCloseTo(1, within(0.01));
        assertThat(steps.meanMillis(Step.READ)).isZero();
    }

    @Test
    void shouldDrawAllRoundsAsOneCurve() {
        add(Contestants.PASS_THROUGH, 1_000, 100);
        add(Contestants.PASS_THROUGH, 1_000, 200);

        assertThat(latencies.together()).hasSize(1);
        assertThat(latencies.together().get(0).waits().getTotalCount()).isEqualTo(2);
        assertThat(LatencyPicture.of(latencies.together())).startsWith("<svg").contains("pass-through 1,000/s");
    }

    private void add(Contestant contestant, int perSecond, int millis) {
        Histogram waits = new Histogram(3);
        waits.recordValue(millis * 1_000L);
        Steps steps = new Steps();
        steps.add(0, Map.of(Step.LATE, millis(millis) / 4, Step.READ, millis(millis)));
        latencies.add(new Latency(contestant, perSecond, waits, new Histogram(3), steps, 0));
    }

    private static long millis(int millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
