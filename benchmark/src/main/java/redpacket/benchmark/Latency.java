package redpacket.benchmark;

import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long the grabs of one contestant waited for their answers, in one round.
 *
 * @param waits in microseconds, from when a grab was to be sent until its answer could be read, committed
 * @param lateness in microseconds, from when a grab was to be sent until it was
 * @param gcMillis for which the JVM stood still meanwhile
 */
record Latency(Contestant contestant, int perSecond, Histogram waits, Histogram lateness, long gcMillis) {
    double millisAt(double percentile) {
        return waits.getValueAtPercentile(percentile) / 1e3;
    }

    double lateMillisAt(double percentile) {
        return lateness.getValueAtPercentile(percentile) / 1e3;
    }

    /** All waits of several rounds together, which must not be none. */
    static Latency together(List<Latency> rounds) {
        Latency first = rounds.get(0);
        Histogram waits = first.waits.copy();
        Histogram lateness = first.lateness.copy();
        rounds.stream().skip(1).forEach(round -> {
            waits.add(round.waits);
            lateness.add(round.lateness);
        });
        long gcMillis = rounds.stream().mapToLong(Latency::gcMillis).sum();
        return new Latency(first.contestant, first.perSecond, waits, lateness, gcMillis);
    }
}
