package redpacket.topology.streams;

import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import redpacket.events.Outcome;
import redpacket.service.Metrics;
import redpacket.topology.shares.ShareQueues;

/**
 * The metrics of all tasks of this process since its start. Work that an aborted transaction took back is repeated and
 * counted twice; {@code redpacket.stats} has the exact counts.
 */
public final class PacketMeters {
    /** The counts besides the outcomes of grabs, each with its name in the metrics. */
    enum Count {
        AWARDED_CENTS("redpacket.awarded.cents", "Cents handed out"),
        REFUNDED_CENTS(
                "redpacket.refunded.cents", "Cents of packets that expired or were cancelled before they were awarded"),
        PACKETS_OPENED("redpacket.packets.opened", "Packets opened"),
        PACKETS_SOLD_OUT("redpacket.packets.sold.out", "Packets sold out"),
        PACKETS_EXPIRED("redpacket.packets.expired", "Packets expired"),
        PACKETS_CANCELLED("redpacket.packets.cancelled", "Packets cancelled by their senders"),
        FUTURE_GRABS("redpacket.future.grabs", "Grabs that their broker dated in the future"),
        SKIPPED_RECORDS("redpacket.skipped.records", "Records that were read again and were decided before"),
        DEAD_LETTERS("redpacket.dead.letters", "Records put away on redpacket.dead-letters"),
        FAILED_RECORDS("redpacket.failed.records", "Readable records put away because the pipeline failed at them"),
        FAILED_CLOSINGS(
                "redpacket.failed.closings", "Packets not closed or forgotten because the pipeline failed at them");

        private final String meter;
        private final String description;

        Count(String meter, String description) {
            this.meter = meter;
            this.description = description;
        }
    }

    private final Map<Outcome, LongAdder> grabs = adders(Outcome.class);
    private final Map<Count, LongAdder> counts = adders(Count.class);
    private final LongAdder openPackets = new LongAdder();
    private final LongAdder[] latencies =
            Stream.generate(LongAdder::new).limit(LatencyBuckets.COUNT).toArray(LongAdder[]::new);
    private final LongAdder latencyMillis = new LongAdder();

    void add(Outcome outcome, long more) {
        grabs.get(outcome).add(more);
    }

    void add(Count count, long more) {
        counts.get(count).add(more);
    }

    void addOpenPackets(long more) {
        openPackets.add(more);
    }

    void addLatencies(int bucket, long more) {
        latencies[bucket].add(more);
    }

    void addLatencyMillis(long more) {
        latencyMillis.add(more);
    }

    /** Registers these meters. */
    void showIn(Metrics metrics) {
        MeterRegistry registry = metrics.registry();
        grabs.forEach((outcome, count) -> FunctionCounter.builder("redpacket.grabs", count, LongAdder::sum)
                .description("Grabs decided")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry));
        counts.forEach((count, adder) -> FunctionCounter.builder(count.meter, adder, LongAdder::sum)
                .description(count.description)
                .register(registry));
        Gauge.builder("redpacket.open.packets", openPackets, LongAdder::sum)
                .description("Packets of this process's partitions that can be grabbed")
                .register(registry);
        metrics.collect((Collector) this::latency);
    }

    /** Registers the meters of the share queues. */
    static void show(ShareQueues queues, Metrics metrics) {
        MeterRegistry registry = metrics.registry();
        show(registry, "redpacket.redis.calls", "Calls to Redis", queues, ShareQueues::calls);
        show(
                registry,
                "redpacket.blocks.requested",
                "Blocks of shares requested from Redis, most of them ahead of need",
                queues,
                ShareQueues::blocks);
        show(registry, "redpacket.block.waits", "Grabs that waited for a block of shares", queues, ShareQueues::waits);
        show(
                registry,
                "redpacket.queues.loaded",
                "Queues that were incomplete in Redis and were loaded",
                queues,
                ShareQueues::loads);
        show(registry, "redpacket.queues.rebuilt", "Loaded queues that Redis had lost", queues, ShareQueues::rebuilt);
        show(
                registry,
                "redpacket.queues.damaged",
                "Queues in which Redis returned other shares than the packet's",
                queues,
                ShareQueues::damaged);
        show(
                registry,
                "redpacket.packets.from.memory",
                "Packets whose shares Redis did not keep, handed out from memory",
                queues,
                ShareQueues::distrusted);
    }

    private static void show(
            MeterRegistry registry,
            String meter,
            String description,
            ShareQueues queues,
            ToDoubleFunction<ShareQueues> count) {
        FunctionCounter.builder(meter, queues, count).description(description).register(registry);
    }

    /**
     * A snapshot from own counts. A histogram of Micrometer takes one value at a time, in 130 ns; the counts of a task
     * take 3 ns. Recording each grab in it would cost 5 % of the throughput of a hot packet.
     */
    private HistogramSnapshot latency() {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int bucket = 0; bucket < latencies.length; bucket++) {
            buckets.bucket(LatencyBuckets.upperBoundSeconds(bucket), latencies[bucket].sum());
        }
        return HistogramSnapshot.builder()
                .name("redpacket_grab_latency_seconds")
                .help("From the append time of a grab to its decision; the commit adds at most 0.1 s")
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets.build())
                        .sum(latencyMillis.sum() / 1_000.0)
                        .build())
                .build();
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kind) {
        return Arrays.stream(kind.getEnumConstants())
                .collect(toMap(each -> each, each -> new LongAdder(), (a, b) -> a, () -> new EnumMap<>(kind)));
    }
}
