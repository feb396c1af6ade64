package redpacket.benchmark.figures;

import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.HdrHistogram.Histogram;

/**
 * How the waits of many grabs are divided into steps. The steps of a grab add up to its wait, so the means add up to
 * the mean wait.
 */
public final class Steps {
    private static final int DIGITS = 3;

    /** Time in the broker of the requests that write the markers of a transaction, including their answers. */
    private static final String MARKERS = "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=WriteTxnMarkers";

    /** In microseconds. */
    private final Map<Step, Histogram> micros = new EnumMap<>(Step.class);

    private double markersMillis = Double.NaN;

    public Steps() {
        for (Step step : Step.values()) {
            micros.put(step, new Histogram(DIGITS));
        }
    }

    /**
     * Adds a grab.
     *
     * @param dueNanos the beginning of the first step
     * @param endsNanos the end of each step; that of the last one is not missing. An end before that of an earlier
     *     step, or after that of the last one, belongs to a step that took no time: clocks differ, and threads notice
     *     late
     */
    public void add(long dueNanos, Map<Step, Long> endsNanos) {
        long begin = dueNanos;
        long last = Math.max(dueNanos, endsNanos.get(Step.READ));
        for (Step step : Step.values()) {
            long end = Math.min(last, Math.max(begin, endsNanos.getOrDefault(step, begin)));
            micros.get(step).recordValue(TimeUnit.NANOSECONDS.toMicros(end - begin));
            begin = end;
        }
    }

    /** Reads the mean time of a request for markers from the embedded broker. Call while it runs. */
    public void readMarkers() {
        try {
            markersMillis =
                    (double) ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName(MARKERS), "Mean");
        } catch (JMException e) {
            // The broker is not in this JVM.
        }
    }

    /** Not a number if unknown. */
    public double markersMillis() {
        return markersMillis;
    }

    public boolean isEmpty() {
        return micros.get(Step.READ).getTotalCount() == 0;
    }

    public double meanMillis(Step step) {
        return micros.get(step).getMean() / 1e3;
    }

    public double millisAt(double percentile, Step step) {
        return micros.get(step).getValueAtPercentile(percentile) / 1e3;
    }

    public double meanMillis() {
        return micros.values().stream().mapToDouble(Histogram::getMean).sum() / 1e3;
    }

    /** Adds the grabs of another round. */
    public void add(Steps others) {
        others.micros.forEach((step, histogram) -> micros.get(step).add(histogram));
        markersMillis = others.markersMillis;
    }
}
