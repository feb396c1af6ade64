package redpacket.topology.streams;

import java.util.Arrays;
import redpacket.events.Outcome;
import redpacket.topology.streams.PacketMeters.Count;

/**
 * The counts of one task since it last added them to {@link PacketMeters}. One thread uses these plain numbers, so a
 * grab pays a few additions for its metrics.
 */
@SuppressWarnings("EnumOrdinal") // Ordinals index these arrays, and nothing stores them.
final class TaskCounts {
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Count[] COUNTS = Count.values();

    private final PacketMeters meters;
    private final long[] grabs = new long[OUTCOMES.length];
    private final long[] counts = new long[COUNTS.length];
    private final long[] latencies = new long[LatencyBuckets.COUNT];
    private long latencyMillis;

    /** How many open packets of this task the meters include. */
    private long openPacketsAdded;

    TaskCounts(PacketMeters meters) {
        this.meters = meters;
    }

    /**
     * @param latencyMillis since the broker took the grab; negative if the broker's clock is ahead
     */
    void decided(Outcome outcome, long latencyMillis) {
        grabs[outcome.ordinal()]++;
        long millis = Math.max(0, latencyMillis);
        latencies[LatencyBuckets.bucketOf(millis)]++;
        this.latencyMillis += millis;
    }

    void awarded(long cents) {
        counts[Count.AWARDED_CENTS.ordinal()] += cents;
    }

    void opened() {
        counts[Count.PACKETS_OPENED.ordinal()]++;
    }

    void future() {
        counts[Count.FUTURE_GRABS.ordinal()]++;
    }

    void soldOut() {
        counts[Count.PACKETS_SOLD_OUT.ordinal()]++;
    }

    void expired(long refundedCents) {
        counts[Count.PACKETS_EXPIRED.ordinal()]++;
        counts[Count.REFUNDED_CENTS.ordinal()] += refundedCents;
    }

    void cancelled(long refundedCents) {
        counts[Count.PACKETS_CANCELLED.ordinal()]++;
        counts[Count.REFUNDED_CENTS.ordinal()] += refundedCents;
    }

    /**
     * Adds these counts to the meters of the process, and starts again from zero.
     *
     * @param openPackets of the task now
     */
    void addToMeters(long openPackets) {
        for (Outcome outcome : OUTCOMES) {
            meters.add(outcome, grabs[outcome.ordinal()]);
        }
        for (Count count : COUNTS) {
            meters.add(count, counts[count.ordinal()]);
        }
        for (int bucket = 0; bucket < LatencyBuckets.COUNT; bucket++) {
            meters.addLatencies(bucket, latencies[bucket]);
        }
        meters.addLatencyMillis(latencyMillis);
        meters.addOpenPackets(openPackets - openPacketsAdded);
        openPacketsAdded = openPackets;
        Arrays.fill(grabs, 0);
        Arrays.fill(counts, 0);
        Arrays.fill(latencies, 0);
        latencyMillis = 0;
    }
}
