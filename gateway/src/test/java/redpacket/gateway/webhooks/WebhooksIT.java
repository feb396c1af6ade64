package redpacket.gateway.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.producer.PacketClient;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** A receiver gets every award and every closing event of a real pipeline, whatever fails. */
class WebhooksIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final int SHARES = 10;

    @TempDir
    private static Path folder;

    private static LocalServers servers;
    private static RedisConnection redis;
    private static ShareQueues queues;
    private static RedPacketApplication topology;
    private static PacketClient client;

    private final String groupId = "webhooks-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        servers = LocalServers.start(2);
        redis = RedisConnection.open(servers.redis());
        queues = new ShareQueues(redis);
        topology = RedPacketApplication.start(
                new StreamsSettings(servers.kafka(), "redpacket", folder.resolve("state"), 1, 1),
                TopologyDependencies.of(SeedSecret.of("secret of the webhooks"), queues));
        client = PacketClient.connect(servers.kafka().clientSettings(), PATIENCE);
    }

    @AfterAll
    static void stop() {
        client.close();
        topology.close();
        queues.close();
        redis.close();
        servers.close();
    }

    /** The webhooks in this JVM, worked by a thread. */
    private final class Running implements AutoCloseable {
        private final Metrics metrics = new Metrics();
        private final Webhooks webhooks;
        private volatile boolean stopping;
        private final CompletableFuture<Void> work;

        Running(TestReceiver receiver, Duration timeout) {
            Receiver sender = new Receiver(receiver.url(), WebhookSecrets.parse(SECRET), timeout, metrics.registry());
            Webhooks.Settings settings =
                    new Webhooks.Settings(servers.kafka(), Set.of(Topic.AWARDS, Topic.PACKETS), groupId, 7);
            this.webhooks = new Webhooks(settings, sender, metrics);
            this.work = CompletableFuture.runAsync(this::work);
        }

        private void work() {
            try (webhooks) {
                while (!stopping) {
                    webhooks.work();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        Health health() {
            return webhooks.health();
        }

        double metric(String name) {
            return metrics.scrape()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public void close() {
            stopping = true;
            work.join();
            metrics.close();
        }
    }

    /** The receiver refuses, hangs, dies and comes back. Every event arrives, signed, in order. */
    @Test
    void shouldDeliverEverythingInOrderWhenTheReceiverFailsAndComesBack() throws Exception {
        try (TestReceiver receiver = new TestReceiver(SECRET)) {
            receiver.start();
            try (Running running = new Running(receiver, Duration.ofSeconds(2))) {
                grabPackets("before", 5);
                await().atMost(PATIENCE).until(() -> !receiver.delivered().isEmpty());
                receiver.kill();
                grabPackets("while-down", 20);
                await().atMost(PATIENCE).until(() -> running.health().sentence().contains(": "));
                receiver.answer(500);
                receiver.start();
                await().atMost(PATIENCE).until(() -> running.health().sentence().endsWith(": HTTP 500"));
                assertThat(running.health().sentence()).doesNotContain("secret-of-the-url");
                receiver.hold();
                receiver.answer(204);
                await().atMost(PATIENCE)
                        .until(() -> running.health().sentence().endsWith(": no answer within 2000 ms"));
                receiver.release();
                grabPackets("after", 5);

                awaitEverything(receiver);
                await().atMost(PATIENCE).until(() -> running.metric("redpacket_webhook_waiting") == 0);
                assertThat(running.metric("redpacket_webhook_behind_seconds")).isZero();
                assertThat(running.metric("redpacket_webhook_events_total"))
                        .isGreaterThanOrEqualTo(committed().size());
                assertThat(running.health())
                        .isEqualTo(Health.ready("ready: delivers to http://127.0.0.1:"
                                + receiver.url().getPort()));
            }
            assertInOrder(receiver);
        }
    }

    /** The sender is killed while events wait, twice. Its successor goes on where it was. */
    @Test
    void shouldLoseNothingWhenTheSenderIsKilled() throws Exception {
        try (TestReceiver receiver = new TestReceiver(SECRET)) {
            receiver.start();
            Process sender = startProcess(receiver);
            try {
                grabPackets("first", 10);
                await().atMost(PATIENCE).until(() -> receiver.delivered().size() > SHARES);
                receiver.answer(503);
                grabPackets("second", 10);
                sender.destroyForcibly().onExit().join();
                receiver.answer(204);
                sender = startProcess(receiver);
                int before = receiver.delivered().size();
                await().atMost(PATIENCE).until(() -> receiver.delivered().size() > before);
                sender.destroyForcibly().onExit().join();
                grabPackets("third", 10);
                sender = startProcess(receiver);

                awaitEverything(receiver);
                assertInOrder(receiver);
                sender.destroy();
                assertThat(sender.waitFor(1, TimeUnit.MINUTES)).isTrue();
            } finally {
                sender.destroyForcibly().onExit().join();
            }
            assertThat(Files.readString(folder.resolve(groupId + ".log")))
                    .doesNotContain("secret-of-the-url")
                    .doesNotContain(SECRET.substring(6));
            // All that was delivered is committed.
            assertThat(lag()).isZero();
        }
    }

    /** A receiver that answers nothing. The sender reads a bounded number of events, and the rest stays in Kafka. */
    @Test
    void shouldPauseAPartitionWhenItsReceiverIsSlow() throws Exception {
        String packetId = "big-" + UUID.randomUUID();
        open(packetId, 3_000);
        List<CompletableFuture<AwardResult>> answers = new ArrayList<>();
        for (int user = 0; user < 3_000; user++) {
            answers.add(client.grab(new Grab("g" + user, packetId, "user-" + user)));
        }
        answers.forEach(CompletableFuture::join);
        try (TestReceiver receiver = new TestReceiver(SECRET)) {
            receiver.start();
            receiver.hold();
            try (Running running = new Running(receiver, Duration.ofMinutes(2))) {
                await().atMost(PATIENCE).until(() -> running.metric("redpacket_webhook_waiting") >= 1_000);
                // Two partitions of awards and two of closing events. A poll returns at most 500 records.
                await().during(Duration.ofSeconds(1))
                        .atMost(PATIENCE)
                        .until(() -> running.metric("redpacket_webhook_waiting") <= 4 * 1_500);
                assertThat(receiver.delivered()).isEmpty();
                receiver.release();
                awaitEverything(receiver);
            }
            assertInOrder(receiver);
        }
    }

    /** Retention deletes what was not delivered. The rest is delivered, and a metric tells. */
    @Test
    void shouldTellWhenRecordsWereDeletedBeforeTheirDelivery() throws Exception {
        grabPackets("deleted", 10);
        TopicPartition partition = new TopicPartition(Topic.AWARDS.topicName(), 0);
        try (Admin admin = Admin.create(servers.kafka().clientSettings());
                TestReceiver receiver = new TestReceiver(SECRET)) {
            receiver.start();
            admin.alterConsumerGroupOffsets(groupId, Map.of(partition, new OffsetAndMetadata(0)))
                    .all()
                    .get();
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
            try (Running running = new Running(receiver, Duration.ofSeconds(10))) {
                await().atMost(PATIENCE).until(() -> running.metric("redpacket_webhook_lost_records_total") == 1);
                awaitEverything(receiver);
            }
        }
    }

    private Process startProcess(TestReceiver receiver) throws IOException {
        Path secret = Files.writeString(folder.resolve("webhook-secret"), SECRET);
        File log = folder.resolve(groupId + ".log").toFile();
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx200m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WebhooksMain.class.getName(),
                        "--kafka=" + servers.kafka().bootstrapServers(),
                        "--webhook-url=" + receiver.url(),
                        "--webhook-secret-file=" + secret,
                        "--webhook-group=" + groupId)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private static void open(String packetId, int shares) {
        OpenPacket command = new OpenPacket(packetId, "alice", 100_000, shares, Split.RANDOM, null, 3_600_000);
        assertThat(client.open(command).join()).isInstanceOf(PacketEvent.Opened.class);
    }

    /** Opens packets, and grabs until they are sold out, with some losers and repeats. */
    private static void grabPackets(String prefix, int packets) {
        for (int packet = 0; packet < packets; packet++) {
            String packetId = prefix + "-" + packet + "-" + UUID.randomUUID();
            open(packetId, SHARES);
            List<CompletableFuture<AwardResult>> answers = new ArrayList<>();
            for (int user = 0; user < SHARES + 2; user++) {
                answers.add(client.grab(new Grab("g" + user, packetId, "user-" + user)));
            }
            answers.forEach(CompletableFuture::join);
            client.grab(new Grab("g0", packetId, "user-0")).join();
        }
    }

    private void awaitEverything(TestReceiver receiver) {
        Set<String> expected = committed().keySet();
        assertThat(expected).isNotEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> {
            Set<String> missing = new HashSet<>(expected);
            receiver.delivered().forEach(each -> missing.remove(each.id()));
            assertThat(missing).isEmpty();
        });
        assertThat(receiver.unsigned()).isEmpty();
    }

    /** What comes for the first time comes in the order of its packet, and a packet's closing event comes last. */
    private static void assertInOrder(TestReceiver receiver) {
        Map<String, String> packetOf = committed();
        Set<String> seen = new LinkedHashSet<>();
        receiver.delivered().forEach(each -> seen.add(each.id()));
        assertThat(packetOf.keySet()).containsAll(seen);

        Map<String, List<String>> expected = new HashMap<>();
        packetOf.forEach((id, packet) ->
                expected.computeIfAbsent(packet, none -> new ArrayList<>()).add(id));
        Map<String, List<String>> delivered = new HashMap<>();
        seen.forEach(id -> delivered
                .computeIfAbsent(packetOf.get(id), none -> new ArrayList<>())
                .add(id));
        assertThat(delivered).isEqualTo(expected);
    }

    /** The ids of all events that have to be delivered, each with its packet: awards first, in order, then closings. */
    private static Map<String, String> committed() {
        Map<String, String> awards = new LinkedHashMap<>();
        Map<String, String> closings = new LinkedHashMap<>();
        Set<Topic> topics = Set.of(Topic.AWARDS, Topic.PACKETS);
        Map<Topic, Map<Integer, Long>> ends = new HashMap<>();
        try (CommittedReader now = CommittedReader.fromNow(servers.kafka().clientSettings(), topics)) {
            topics.forEach(topic -> ends.put(topic, now.positions(topic)));
        }
        try (CommittedReader reader =
                CommittedReader.fromBeginning(servers.kafka().clientSettings(), topics)) {
            while (!hasReached(reader, ends)) {
                reader.poll(Duration.ofMillis(100), new ResultListener() {
                    @Override
                    public void onAward(Committed<AwardResult> award) {
                        if (award.event().movesMoney()) {
                            awards.put(id(Topic.AWARDS, award), award.event().packetId());
                        }
                    }

                    @Override
                    public void onPacketEvent(Committed<PacketEvent> event) {
                        if (event.event() instanceof PacketEvent.Closed closed) {
                            closings.put(id(Topic.PACKETS, event), closed.packetId());
                        }
                    }
                });
            }
        }
        awards.putAll(closings);
        return awards;
    }

    private static boolean hasReached(CommittedReader reader, Map<Topic, Map<Integer, Long>> ends) {
        return ends.entrySet().stream().allMatch(topic -> reader.positions(topic.getKey()).entrySet().stream()
                .allMatch(each -> each.getValue() >= topic.getValue().get(each.getKey())));
    }

    private static String id(Topic topic, Committed<?> record) {
        return topic + "-" + record.partition() + "-" + record.offset();
    }

    /** How many events of the group's partitions are not committed as delivered. */
    private long lag() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(servers.kafka().clientSettings())) {
            Map<TopicPartition, OffsetAndMetadata> positions = admin.listConsumerGroupOffsets(groupId)
                    .partitionsToOffsetAndMetadata()
                    .get();
            return committed().keySet().stream()
                    .filter(id -> positions.entrySet().stream()
                            .noneMatch(each -> id.startsWith(each.getKey() + "-")
                                    && Long.parseLong(id.substring(
                                                    each.getKey().toString().length() + 1))
                                            < each.getValue().offset()))
                    .count();
        }
    }
}
