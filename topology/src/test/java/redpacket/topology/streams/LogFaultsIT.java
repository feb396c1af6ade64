package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.Topics;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;

/** A log with wrong times, without committed offsets, or that is another one. The tests share a Kafka and a Redis. */
class LogFaultsIT {
    private static final long DAY = Limits.DEFAULT_OPEN_FOR_MILLIS;
    private static final PacketLifetime LIFETIME = new PacketLifetime(Duration.ofMillis(200), Duration.ofSeconds(1));

    private static final Set<TopicPartition> INPUTS = Set.of(
            new TopicPartition(Topic.OPENS.topicName(), 0),
            new TopicPartition(Topic.GRABS.topicName(), 0),
            new TopicPartition(Topic.STATS_DELTAS.topicName(), 0));

    private static LocalServers servers;
    private static Admin admin;

    @TempDir
    private Path stateDirectory;

    private RunningPipeline pipeline;

    @BeforeAll
    static void startServers() {
        servers = LocalServers.start(1);
        admin = Admin.create(servers.kafka().clientSettings());
    }

    @AfterAll
    static void stopServers() {
        admin.close();
        servers.close();
    }

    @BeforeEach
    void start() {
        Topics.create(admin, 1, (short) 1, Map.of());
        pipeline = RunningPipeline.start(servers, stateDirectory, LIFETIME);
    }

    @AfterEach
    void stop() throws Exception {
        pipeline.close();
        delete(admin.listTopics().names().get());
    }

    /** The broker's clock is two days ahead for one grab. No packet closes before its deadline by the right clock. */
    @Test
    void shouldCloseNothingEarlyWhenABrokersClockJumpsAhead() throws Exception {
        pipeline.open(packet("open", 3, DAY));
        pipeline.awaitPacketEvents(1);

        long future = System.currentTimeMillis() + 2 * DAY;
        RecordMetadata misdated = grabDated(future, "open", "ann", "g1");
        AwardResult expired = pipeline.awaitAnswerTo(misdated);
        assertThat(expired.outcome()).as("by its own time, it is too late").isEqualTo(Outcome.EXPIRED);
        assertThat(expired.grabbedAtMillis()).isEqualTo(future);

        pipeline.open(packet("brief", 2, 2_000));
        pipeline.awaitPacketEvents(2);
        RecordMetadata brief = pipeline.grab("brief", "bob", "g2");
        assertThat(pipeline.awaitAnswerTo(brief).outcome()).isEqualTo(Outcome.AWARDED);
        List<PacketEvent> events = pipeline.awaitPacketEvents(3);

        assertThat(events.get(2)).isInstanceOfSatisfying(PacketEvent.Expired.class, closed -> {
            assertThat(closed.packetId()).isEqualTo("brief");
            assertThat(closed.awardedShares()).isEqualTo(1);
            assertThat(pipeline.records(Topic.PACKETS).get(2).timestamp()).isGreaterThan(closed.closedAtMillis());
        });
        assertThat(pipeline.awaitAnswerTo(pipeline.grab("open", "ann", "g3")).outcome())
                .isEqualTo(Outcome.AWARDED);
    }

    /**
     * Packets were paid, refunded and forgotten. The committed offsets are deleted; later again, and the grabs too.
     * Nothing is answered, paid, refunded or counted a second time, and what comes then is.
     */
    @Test
    void shouldDecideNothingAgainWhenCommittedOffsetsAreDeleted() throws Exception {
        pipeline.open(packet("sold", 1, DAY));
        pipeline.open(packet("brief", 2, 3_000));
        pipeline.awaitPacketEvents(2);
        pipeline.grab("sold", "ann", "g1");
        pipeline.grab("brief", "ann", "g2");
        pipeline.awaitPacketEvents(4);
        awaitForgotten("brief");

        awaitNothingIsDecidedAgain(() -> {});
        awaitNothingIsDecidedAgain(LogFaultsIT::trimGrabs);
    }

    /** The committed offsets are set to the ends of the topics, while records wait. They are decided nevertheless. */
    @Test
    void shouldSkipNothingWhenCommittedOffsetsAreSetForward() throws Exception {
        pipeline.open(packet("before", 1, DAY));
        pipeline.awaitPacketEvents(1);
        pipeline.awaitAnswerTo(pipeline.grab("before", "ann", "g1"));
        pipeline.stopTopology();
        pipeline.open(packet("waiting", 1, DAY));
        RecordMetadata waiting = pipeline.grab("before", "bob", "g2");
        for (TopicPartition input : INPUTS) {
            Awaitility.await()
                    .atMost(RunningPipeline.TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> admin.alterConsumerGroupOffsets(
                                    "redpacket", Map.of(input, new OffsetAndMetadata(endOf(input))))
                            .all()
                            .get());
        }

        pipeline.startTopology();

        assertThat(pipeline.awaitAnswerTo(waiting).outcome()).isEqualTo(Outcome.SOLD_OUT);
        assertThat(pipeline.awaitPacketEvents(3))
                .extracting(PacketEvent::packetId)
                .containsExactly("before", "before", "waiting");
    }

    /** The topics are deleted and made again, and the changelogs stay: what they remember is of other records. */
    @Test
    void shouldRefuseToStartWhenTheTopicsAreOthersUnderTheSameNames() throws Exception {
        pipeline.open(packet("p", 1, DAY));
        pipeline.awaitPacketEvents(1);
        pipeline.stopTopology();
        delete(List.of(Topic.values()).stream().map(Topic::topicName).collect(Collectors.toSet()));
        Topics.create(admin, 1, (short) 1, Map.of());

        pipeline.startTopology();

        Awaitility.await().atMost(RunningPipeline.TIMEOUT).until(() -> !pipeline.health()
                .live());
        assertThat(pipeline.health().sentence())
                .startsWith("Topic redpacket.opens is not the one that this application has decided up to offset 1");
    }

    @Test
    void shouldRefuseToStartWhenThePartitionsAreNotThoseOfTheChangelogs() throws Exception {
        pipeline.open(packet("p", 1, DAY));
        pipeline.awaitPacketEvents(1);
        pipeline.stopTopology();
        assertThat(Topics.check(admin, "redpacket")).isEmpty();
        Map<String, NewPartitions> more = new HashMap<>();
        for (Topic topic : Topic.values()) {
            more.put(topic.topicName(), NewPartitions.increaseTo(2));
        }
        admin.createPartitions(more).all().get();

        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin, "redpacket"))
                .hasSize(3)
                .first()
                .asString()
                .isEqualTo(
                        "Topic redpacket.opens has 2 partitions, but the application redpacket has decided packets in 1"
                                + " (see the topic redpacket-deadlines-changelog): packets would be separated from"
                                + " their winners. Kafka cannot remove partitions: read \"Another number of"
                                + " partitions\" in docs/upgrades.md."));
        assertThat(Topics.check(admin, "another")).isEmpty();
        assertThatThrownBy(pipeline::startTopology)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Topic redpacket.grabs has 2 partitions, but");
    }

    private interface Damage {
        void happen() throws Exception;
    }

    private void awaitNothingIsDecidedAgain(Damage damage) throws Exception {
        int answers = pipeline.awards().size();
        int events = pipeline.packetEvents().size();
        pipeline.stopTopology();
        deleteCommittedOffsets();
        damage.happen();

        pipeline.startTopology();

        String packetId = "after-" + events;
        pipeline.open(packet(packetId, 1, DAY));
        Awaitility.await().atMost(RunningPipeline.TIMEOUT).until(() -> pipeline.packetEvents().stream()
                .anyMatch(event -> event.packetId().equals(packetId)));
        RecordMetadata grab = pipeline.grab(packetId, "ann", "g");
        assertThat(pipeline.awaitAnswerTo(grab).outcome()).isEqualTo(Outcome.AWARDED);
        pipeline.awaitPacketEvents(events + 2);
        assertThat(pipeline.packetEvents()).hasSize(events + 2);
        assertThat(pipeline.awards()).hasSize(answers + 1);
        Awaitility.await().atMost(RunningPipeline.TIMEOUT).untilAsserted(() -> assertThat(grabsCounted())
                .isEqualTo(answers + 1));
    }

    private void awaitForgotten(String packetId) {
        Awaitility.await().atMost(RunningPipeline.TIMEOUT).untilAsserted(() -> {
            RecordMetadata grab = pipeline.grab(packetId, "ann", "late");
            assertThat(pipeline.awaitAnswerTo(grab).outcome()).isEqualTo(Outcome.UNKNOWN_PACKET);
        });
    }

    /** By the newest counters of all windows. */
    private long grabsCounted() {
        Map<String, WindowStats> windows = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : pipeline.records(Topic.STATS)) {
            WindowStats window = Json.readStats(record.value());
            windows.put(window.key(), window);
        }
        return windows.values().stream()
                .filter(window -> window.scope().equals(WindowStats.ALL))
                .mapToLong(window -> window.counters().grabs())
                .sum();
    }

    /** The members of the group are there until their session times out. */
    private static void deleteCommittedOffsets() {
        Awaitility.await()
                .atMost(RunningPipeline.TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> admin.deleteConsumerGroupOffsets("redpacket", INPUTS)
                        .all()
                        .get());
    }

    private static void trimGrabs() throws Exception {
        TopicPartition grabs = new TopicPartition(Topic.GRABS.topicName(), 0);
        admin.deleteRecords(Map.of(grabs, RecordsToDelete.beforeOffset(endOf(grabs))))
                .all()
                .get();
    }

    private static long endOf(TopicPartition partition) throws Exception {
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /** Sends a grab that a broker with a wrong clock has dated. */
    private static RecordMetadata grabDated(long millis, String packetId, String userId, String grabId)
            throws Exception {
        byte[] key = packetId.getBytes(UTF_8);
        byte[] value = Json.write(new Grab(grabId, packetId, userId));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                servers.kafka().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            alterGrabs("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
            alterGrabs("message.timestamp.type", "CreateTime");
            awaitClock(producer, true);
            RecordMetadata grab = producer.send(new ProducerRecord<>(Topic.GRABS.topicName(), null, millis, key, value))
                    .get();
            alterGrabs("message.timestamp.type", "LogAppendTime");
            awaitClock(producer, false);
            return grab;
        }
    }

    /** Sends grabs for no packet until one has the time of the producer, or of the broker. */
    private static void awaitClock(KafkaProducer<byte[], byte[]> producer, boolean ofTheProducer) {
        Awaitility.await().until(() -> {
            byte[] grab = Json.write(new Grab("g", "nowhere", "u"));
            long millis = producer.send(
                            new ProducerRecord<>(Topic.GRABS.topicName(), null, 1L, "nowhere".getBytes(UTF_8), grab))
                    .get()
                    .timestamp();
            return (millis == 1) == ofTheProducer;
        });
    }

    private static void alterGrabs(String name, String value) throws Exception {
        ConfigResource grabs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.GRABS.topicName());
        admin.incrementalAlterConfigs(Map.of(
                        grabs, List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static void delete(Set<String> topics) throws Exception {
        admin.deleteTopics(topics).all().get(30, TimeUnit.SECONDS);
        Awaitility.await().until(() -> admin.listTopics().names().get().stream().noneMatch(topics::contains));
    }

    private static OpenPacket packet(String packetId, int shares, long openForMillis) {
        return new OpenPacket(packetId, "sender", 100, shares, Split.RANDOM, null, openForMillis);
    }
}
