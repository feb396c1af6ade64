package redpacket.benchmark.micro;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.Share;
import redpacket.topology.stats.WindowDeltas;
import redpacket.topology.stats.WindowSettings;

/**
 * The cost of statistics per grab: counting its answer in memory. All other work happens once per commit or once per
 * second, regardless of the number of grabs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatisticsBenchmark {
    private final WindowDeltas deltas = new WindowDeltas(emptyStore(), WindowSettings.LENGTH);

    // Not final, so that the compiler cannot treat it as a constant.
    private AwardResult award = result(Outcome.AWARDED, new Share(7, 1234));
    private AwardResult refusal = result(Outcome.SOLD_OUT, null);

    @Benchmark
    public void countAward() {
        deltas.count(award);
    }

    @Benchmark
    public void countRefusal() {
        deltas.count(refusal);
    }

    private static KeyValueStore<Bytes, byte[]> emptyStore() {
        return Stores.inMemoryKeyValueStore("winners").get();
    }

    private static AwardResult result(Outcome outcome, Share share) {
        return new AwardResult(
                "packet-12345",
                "grab-1234567",
                "user-1234567",
                null,
                outcome,
                share,
                false,
                1_700_000_000_000L,
                1_234_567);
    }
}
