package redpacket.benchmark.contestants;

import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.Topology;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.load.Workload;
import redpacket.benchmark.load.WrongAnswersException;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisConnection;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.producer.PacketProducer;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.streams.RedPacketTopology;
import redpacket.topology.streams.TopologyDependencies;

/** The contestant {@code redpacket}: this project's topology as it ships. The audit checks its answers. */
public final class RedPacketPipeline implements StreamsContestant.Entrant {
    private static final String SECRET = "only for benchmarks, 32 characters";
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Workload workload;
    private final KafkaAddress kafka;
    private final RedisConnection redis;
    private final ShareQueues queues;
    private final TopologyDependencies dependencies;

    public RedPacketPipeline(Workload workload, Ground ground) {
        this(workload, ground, PacketLifetime.DEFAULT);
    }

    /** Uses other times for closing and forgetting packets. */
    public RedPacketPipeline(Workload workload, Ground ground, PacketLifetime lifetime) {
        this.workload = workload;
        this.kafka = ground.kafka();
        this.redis = RedisConnection.open(ground.redis());
        this.queues = new ShareQueues(redis);
        this.dependencies = TopologyDependencies.of(SeedSecret.of(SECRET), queues, lifetime);
    }

    @Override
    public Topology topology(Properties settings) {
        LookAhead lookAhead = new LookAhead();
        lookAhead.addTo(settings);
        DrainedInputs drained = new DrainedInputs();
        drained.addTo(settings);
        return RedPacketTopology.build(dependencies, workload.partitions(), lookAhead, drained, InputTopics.UNKNOWN);
    }

    @Override
    public void open(Instances running) {
        AtomicInteger opened = new AtomicInteger();
        ResultListener counting = new ResultListener() {
            @Override
            public void onPacketEvent(Committed<PacketEvent> event) {
                opened.incrementAndGet();
            }
        };
        try (PacketProducer producer = PacketProducer.connect(kafka.clientSettings());
                CommittedReader reader = CommittedReader.fromBeginning(kafka.clientSettings(), Set.of(Topic.PACKETS))) {
            CompletableFuture.allOf(workload.openStream().map(producer::open).toArray(CompletableFuture[]::new))
                    .join();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            // Also wait until the first shares were requested: in production they have long arrived when the first grab
            // comes.
            while (opened.get() < workload.packets() || queues.blocks() < workload.packets()) {
                if (System.nanoTime() > deadline) {
                    throw new WrongAnswersException("Only " + opened + " packets were opened, and the first shares of "
                            + queues.blocks() + " requested");
                }
                running.requireAlive();
                reader.poll(Duration.ofMillis(100), counting);
            }
        }
    }

    @Override
    public long redisCalls() {
        return queues.calls();
    }

    @Override
    public long expectedAwards() {
        return workload.expectedAwards();
    }

    @Override
    public void check() {
        check(SinkStores.NONE);
    }

    /** Also checks the stores of a sink. */
    public void check(SinkStores stores) {
        Report report = Audit.run(
                kafka,
                AuditOptions.STRICT
                        .withSecret(SECRET)
                        .withRetention(dependencies.lifetime().retention()),
                stores);
        if (!report.isGood()) {
            throw new WrongAnswersException("The audit found " + report.violationsByKind() + ", such as "
                    + report.violations().get(0).sentence());
        }
        if (!report.isJudged()) {
            throw new WrongAnswersException("The audit could not compare everything: " + report.notJudged());
        }
    }

    @Override
    public void close() {
        queues.close();
        redis.close();
    }
}
