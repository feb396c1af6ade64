package redpacket.topology.streams;

/**
 * The buckets of the histogram of latencies: less than 1 ms, 2 ms, 4 ms, ... 65.536 s, and more. The bucket of a
 * latency is computed without a search, because each grab needs one.
 */
final class LatencyBuckets {
    static final int COUNT = 18;

    private LatencyBuckets() {}

    /**
     * @param millis at least 0
     */
    static int bucketOf(long millis) {
        return Math.min(Long.SIZE - Long.numberOfLeadingZeros(millis), COUNT - 1);
    }

    /** Infinite for the last bucket. */
    static double upperBoundSeconds(int bucket) {
        return bucket == COUNT - 1 ? Double.POSITIVE_INFINITY : (1L << bucket) / 1_000.0;
    }
}
