package redpacket.benchmark;

import org.HdrHistogram.Histogram;

/**
 * How long the grabs of one contestant waited for their answers.
 *
 * @param micros from when a grab was to be sent until its answer could be read, committed
 */
record Latency(Contestant contestant, int perSecond, Histogram micros) {
    double millisAt(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }
}
