package redpacket.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

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
        latencies.add(new Latency(contestant, perSecond, waits, new Histogram(3), 0));
    }
}
