package redpacket.sink.dashboard;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/** The latency of the answers of the last seconds, from grab to award. */
final class Latency {
    private static final int SECONDS = 5;

    /** Ten minutes. Longer latencies are recorded as this value. */
    private static final long MAX_MILLIS = 600_000;

    /** Significant digits. A histogram with two digits takes 20 kB. */
    private static final int DIGITS = 2;

    private final Deque<Histogram> seconds = new ArrayDeque<>();

    Latency() {
        nextSecond();
    }

    /** Median and 99th percentile in milliseconds. */
    record Quantiles(long p50, long p99) {}

    /** @param millis negative if the clocks of broker and sink differ */
    void record(long millis) {
        seconds.getLast().recordValue(Math.min(Math.max(0, millis), MAX_MILLIS));
    }

    /** Null if there was no answer. */
    Quantiles quantiles() {
        Histogram all = new Histogram(MAX_MILLIS, DIGITS);
        seconds.forEach(all::add);
        return all.getTotalCount() == 0
                ? null
                : new Quantiles(all.getValueAtPercentile(50), all.getValueAtPercentile(99));
    }

    /** Call it once a second. */
    void nextSecond() {
        if (seconds.size() == SECONDS) {
            seconds.removeFirst();
        }
        seconds.addLast(new Histogram(MAX_MILLIS, DIGITS));
    }
}
