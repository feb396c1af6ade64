package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.Outcome;
import redpacket.service.Metrics;

class TaskCountsTest {
    private final PacketMeters meters = new PacketMeters();

    @Test
    void shouldShowNothingBeforeItIsHandedOn() {
        TaskCounts task = new TaskCounts(meters);
        task.decided(Outcome.AWARDED, 3);

        assertThat(scrape()).contains("redpacket_grabs_total{outcome=\"awarded\"} 0.0");
        task.addToMeters(0);
        assertThat(scrape()).contains("redpacket_grabs_total{outcome=\"awarded\"} 1.0");
    }

    @Test
    void shouldPutEachLatencyIntoTheBucketThatHoldsIt() {
        TaskCounts task = new TaskCounts(meters);
        task.decided(Outcome.SOLD_OUT, -5);
        task.decided(Outcome.SOLD_OUT, 1);
        task.decided(Outcome.SOLD_OUT, 1_000);
        task.decided(Outcome.SOLD_OUT, 1_000_000);
        task.addToMeters(0);

        assertThat(scrape())
                .contains("redpacket_grab_latency_seconds_bucket{le=\"0.001\"} 1")
                .contains("redpacket_grab_latency_seconds_bucket{le=\"0.002\"} 2")
                .contains("redpacket_grab_latency_seconds_bucket{le=\"0.512\"} 2")
                .contains("redpacket_grab_latency_seconds_bucket{le=\"1.024\"} 3")
                .contains("redpacket_grab_latency_seconds_bucket{le=\"65.536\"} 3")
                .contains("redpacket_grab_latency_seconds_bucket{le=\"+Inf\"} 4")
                .contains("redpacket_grab_latency_seconds_count 4")
                .contains("redpacket_grab_latency_seconds_sum 1001.001");
    }

    @Test
    void shouldCountOpenPacketsOfTheTasksThatRunHere() {
        TaskCounts one = new TaskCounts(meters);
        TaskCounts other = new TaskCounts(meters);
        one.opened();
        one.expired(70);
        one.addToMeters(5);
        other.addToMeters(2);
        one.addToMeters(4);
        assertThat(scrape()).contains("redpacket_open_packets 6.0", "redpacket_refunded_cents_total 70.0");

        one.addToMeters(0);
        assertThat(scrape()).contains("redpacket_open_packets 2.0", "redpacket_packets_opened_total 1.0");
    }

    private String scrape() {
        try (Metrics metrics = new Metrics()) {
            meters.showIn(metrics);
            return metrics.scrape();
        }
    }
}
