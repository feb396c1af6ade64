package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.Load;
import redpacket.local.faults.PipelineProcess;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalRedisCluster;
import redpacket.parts.TemporaryFolder;
import redpacket.service.Metrics;
import redpacket.sink.Sink;
import redpacket.sink.readmodel.Retention;
import redpacket.topology.packet.SeedSecret;

/** The guarantees hold with a Redis Cluster, also if one of its nodes is killed under load and comes back empty. */
class RedisClusterIT {
    private static final String SECRET = "secret of the guarantees";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration STALLED = Duration.ofSeconds(2);

    /** Shares of a large packet: many times the number that an instance may have popped in advance. */
    private static final int SHARES = 3_000;

    private static final int SHARES_BEFORE_THE_FAULT = 500;

    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-cluster-");
    private final LocalRedisCluster cluster = LocalRedisCluster.start();
    private final LocalKafka kafka = LocalKafka.start();
    private final RedisConnection redis = RedisConnection.open(cluster.address());
    private final Metrics metrics = new Metrics();
    private final List<PipelineProcess> instances = IntStream.rangeClosed(1, 2)
            .mapToObj(number ->
                    PipelineProcess.topology(number, folder.path(), kafka.address(), 1, cluster.address(), SECRET))
            .toList();
    private Sink sink;
    private Load load;

    @BeforeEach
    void start() {
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            Topics.create(admin, BreakablePipeline.PARTITIONS, (short) 1, Map.of());
        }
        instances.forEach(PipelineProcess::start);
        sink = Sink.start(
                new Sink.Settings(
                        kafka.address(), "redpacket-sink", Retention.DEFAULT, Optional.empty(), "127.0.0.1", 0),
                redis,
                metrics);
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        load = Load.on(kafka.address(), seed, Scenario.GRABS_PER_SECOND, Scenario.LONGEST_OPEN);
    }

    @AfterEach
    void stop() {
        load.close();
        sink.close();
        instances.forEach(PipelineProcess::kill);
        metrics.close();
        redis.close();
        kafka.close();
        cluster.close();
        folder.delete();
    }

    /** A large packet on each node. The packet whose node loses it in the middle must sell out all the same. */
    @Test
    void shouldKeepEveryPromiseWhenANodeRestartsEmptyUnderLoad() {
        List<String> packets = cluster.nodes().stream().map(this::packetOn).toList();
        packets.forEach(packet ->
                load.open(new OpenPacket(packet, "me", 100L * SHARES, SHARES, Split.RANDOM, null, 86_400_000)));
        await().atMost(PATIENCE).until(() -> packetsOf(PacketEvent.Opened.class).containsAll(packets));
        packets.forEach(packet -> grab(packet, 0, SHARES_BEFORE_THE_FAULT));
        awaitAnswersFromNow();

        LocalRedis lost = cluster.nodes().get(1);
        String forgotten = packets.get(1);
        lost.kill();
        packets.forEach(packet -> grab(packet, SHARES_BEFORE_THE_FAULT, SHARES));
        await().atMost(PATIENCE).until(() -> System.nanoTime() - load.lastAnswerNanos() > STALLED.toNanos());
        lost.restart();
        cluster.awaitWhole();
        awaitAnswersFromNow();

        assertThat(packetsOf(PacketEvent.SoldOut.class)).containsAll(packets);
        // The node began empty. All shares after those popped in advance come from a queue that was loaded again.
        assertThat(popped(forgotten)).isEqualTo(SHARES);
        await("every kind of record").atMost(PATIENCE).until(load::sawEveryKindOfRecord);
        load.stop();
        assertThat(load.awaitAnswered(PATIENCE)).as("all is answered").isTrue();
        assertThat(load.awaitClosed(PATIENCE)).as("all is closed").isTrue();
        Guarantees.assertKept(Guarantees.OF_THE_TOPICS, Evidence.of(kafka.address(), SECRET, PATIENCE));
        assertThat(sink.failure()).isEmpty();
    }

    private String packetOn(LocalRedis node) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "big-" + i)
                .filter(packet -> cluster.nodeOf(poppedKey(packet)) == node)
                .findFirst()
                .orElseThrow();
    }

    private void grab(String packet, int fromUser, int toUser) {
        for (int user = fromUser; user < toUser; user++) {
            load.grab(new Grab("grab-of-" + user + "-from-" + packet, packet, "user-" + user));
        }
    }

    private void awaitAnswersFromNow() {
        long now = System.currentTimeMillis();
        await().atMost(PATIENCE).until(() -> load.isAnsweredEverywhereSince(now));
    }

    private <E extends PacketEvent> List<String> packetsOf(Class<E> kind) {
        return CommittedRecords.read(kafka.address()).packetEvents(kind).stream()
                .map(PacketEvent::packetId)
                .toList();
    }

    private long popped(String packet) {
        return redis.commands()
                .llen(poppedKey(packet).getBytes(US_ASCII))
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static String poppedKey(String packet) {
        String commitment = SeedSecret.of(SECRET).seedOf(packet).commitment();
        return "redpacket:{" + packet + "}:" + commitment.substring(0, 8) + ":popped";
    }
}
