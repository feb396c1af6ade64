package redpacket.topology.streams;

import java.util.Arrays;
import redpacket.events.Outcome;
import redpacket.topology.streams.PacketMeters.Count;

/**
 * What one task has done since it last handed its counts on: plain numbers of one thread, so that a grab pays a few additions
 * and no more.
 */
@SuppressWarnings("EnumOrdinal") // as an index into these arrays, which nothing outlives
final class TaskCounts {
    /** Less than 1 ms, 2 ms, 4 ms, ... 65 s, and more: coarse, but found without a search. */
    static final int LATENCY_BUCKETS = 18;

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final Count[] COUNTS = Count.values();

    private final PacketMeters meters;
    private final long[] grabs = new long[OUTCOMES.length];
    private final long[] counts = new long[COUNTS.length];
    private final long[] latencies = new long[LATENCY_BUCKETS];
    private long latencyMillis;
    private long openPacketsTold;

    TaskCounts(PacketMeters meters) {
        this.meters = meters;
    }

    void decided(Outcome outcome, long latency) {
        grabs[outcome.ordinal()]++;
        // The clocks of brokers and this machine differ.
        long millis = Math.max(0, latency);
        latencies[Math.min(Long.SIZE - Long.numberOfLeadingZeros(millis), LATENCY_BUCKETS - 1)]++;
        latencyMillis += millis;
    }

    void awarded(long cents) {
        counts[Count.AWARDED_CENTS.ordinal()] += cents;
    }

    void opened() {
        counts[Count.PACKETS_OPENED.ordinal()]++;
    }

    void soldOut() {
        counts[Count.PACKETS_SOLD_OUT.ordinal()]++;
    }

    void expired(long refundedCents) {
        counts[Count.PACKETS_EXPIRED.ordinal()]++;
        counts[Count.REFUNDED_CENTS.ordinal()] += refundedCents;
    }

    /**
     * Adds these counts to those of the process, and begins anew.
     *
     * @param openPackets of the task at this moment
     */
    void handOn(long openPackets) {
        for (Outcome outcome : OUTCOMES) {
            meters.add(outcome, grabs[outcome.ordinal()]);
        }
        for (Count count : COUNTS) {
            meters.add(count, counts[count.ordinal()]);
        }
        for (int bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
            meters.addLatencies(bucket, latencies[bucket]);
        }
        meters.addLatencyMillis(latencyMillis);
        meters.addOpenPackets(openPackets - openPacketsTold);
        openPacketsTold = openPackets;
        Arrays.fill(grabs, 0);
        Arrays.fill(counts, 0);
        Arrays.fill(latencies, 0);
        latencyMillis = 0;
    }

    /** Of a latency bucket; the last has none. */
    static double upperBoundSeconds(int bucket) {
        return bucket == LATENCY_BUCKETS - 1 ? Double.POSITIVE_INFINITY : (1L << bucket) / 1_000.0;
    }
}
