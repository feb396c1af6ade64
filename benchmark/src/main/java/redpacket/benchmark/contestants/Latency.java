package redpacket.benchmark.contestants;

import java.util.List;
import org.HdrHistogram.Histogram;
import redpacket.benchmark.figures.Steps;

/**
 * How long the grabs of one contestant waited for their answers in one round.
 *
 * @param waits in microseconds, from the due time of a grab until its committed answer can be read
 * @param lateness in microseconds, from the due time of a grab until it was sent
 * @param steps the waits, divided; empty if the contestant does not use Kafka Streams
 * @param gcMillis for which the garbage collector stopped the JVM meanwhile
 */
public record Latency(
        Contestant contestant, int perSecond, Histogram waits, Histogram lateness, Steps steps, long gcMillis) {
    public double millisAt(double percentile) {
        return waits.getValueAtPercentile(percentile) / 1e3;
    }

    public double lateMillisAt(double percentile) {
        return lateness.getValueAtPercentile(percentile) / 1e3;
    }

    /** Merges the waits of several rounds, at least one. */
    public static Latency together(List<Latency> rounds) {
        Latency first = rounds.get(0);
        Histogram waits = first.waits.copy();
        Histogram lateness = first.lateness.copy();
        Steps steps = new Steps();
        rounds.forEach(round -> steps.add(round.steps));
        rounds.stream().skip(1).forEach(round -> {
            waits.add(round.waits);
            lateness.add(round.lateness);
        });
        long gcMillis = rounds.stream().mapToLong(Latency::gcMillis).sum();
        return new Latency(first.contestant, first.perSecond, waits, lateness, steps, gcMillis);
    }
}
