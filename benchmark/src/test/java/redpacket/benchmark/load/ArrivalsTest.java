package redpacket.benchmark.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
    private static final long START_NANOS = 1_000_000_000;

    private final Arrivals arrivals = new Arrivals(1_000, 2, START_NANOS);

    @Test
    void shouldBeDueAtTheRateRegardlessOfAnswers() {
        assertThat(arrivals.nanosOf(0)).isEqualTo(START_NANOS);
        assertThat(arrivals.nanosOf(1_500)).isEqualTo(START_NANOS + TimeUnit.MILLISECONDS.toNanos(1_500));
    }

    /** A stall of 100 ms counts as the wait of a hundred grabs, because each of them was due. */
    @Test
    void shouldCountTheWaitOfEveryGrabThatWasDueInAStall() {
        long endOfStall = arrivals.nanosOf(102);
        for (int grab = 2; grab < 102; grab++) {
            arrivals.answered(grab, endOfStall);
        }

        assertThat(arrivals.waits().getTotalCount()).isEqualTo(100);
        assertThat(arrivals.waits().getMaxValue()).isBetween(99_900L, 100_100L);
        assertThat(arrivals.waits().getValueAtPercentile(50)).isBetween(49_000L, 51_000L);
    }

    @Test
    void shouldNotCountGrabsThatOnlySettle() {
        arrivals.answered(0, arrivals.nanosOf(500));
        arrivals.answered(1, arrivals.nanosOf(500));

        assertThat(arrivals.waits().getTotalCount()).isZero();
    }
}
