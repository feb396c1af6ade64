package redpacket.sink.dashboard;

import java.util.ArrayDeque;
import java.util.Deque;
import org.HdrHistogram.Histogram;

/** How long the answers of the last seconds took. */
final class Latency {
    private static final int SECONDS = 5;

    /** What takes longer counts as that: ten minutes. */
    private static final long MOST_MILLIS = 600_000;

    /** Of two digits: 20 kB each. */
    private static final int DIGITS = 2;

    private final Deque<Histogram> seconds = new ArrayDeque<>();

    Latency() {
        nextSecond();
    }

    /** Milliseconds that half, and 99 of 100, answers took at most. */
    record Quantiles(long p50, long p99) {}

    /** @param millis may be negative where clocks differ */
    void record(long millis) {
        seconds.getLast().recordValue(Math.min(Math.max(0, millis), MOST_MILLIS));
    }

    /** Null when there was no answer. */
    Quantiles quantiles() {
        Histogram all = new Histogram(MOST_MILLIS, DIGITS);
        seconds.forEach(all::add);
        return all.getTotalCount() == 0
                ? null
                : new Quantiles(all.getValueAtPercentile(50), all.getValueAtPercentile(99));
    }

    /** To be called once a second. */
    void nextSecond() {
        if (seconds.size() == SECONDS) {
            seconds.removeFirst();
        }
        seconds.addLast(new Histogram(MOST_MILLIS, DIGITS));
    }
}
