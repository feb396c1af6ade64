package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.Topics;
import redpacket.events.Topic;

class TopicsIT {
    private static LocalKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.start();
        admin = Admin.create(kafka.address().clientSettings());
    }

    @AfterAll
    static void close() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void createTopics() {
        Topics.create(admin, 3, (short) 1, Map.of("retention.ms", "60000", "cleanup.policy", "compact"));
    }

    @AfterEach
    void deleteTopics() throws Exception {
        Set<String> all = admin.listTopics().names().get(30, TimeUnit.SECONDS);
        admin.deleteTopics(all).all().get(30, TimeUnit.SECONDS);
        Awaitility.await().until(() -> admin.listTopics().names().get().isEmpty());
    }

    @Test
    void shouldFindNoProblemWhenAllTopicsAreRight() {
        assertThat(Topics.check(admin)).isEmpty();
    }

    @Test
    void shouldDescribeTheTopicsWhenTheyExist() {
        assertThat(Topics.layouts(admin))
                .hasSize(Topic.values().length)
                .contains(new Topics.Layout(Topic.GRABS, 3, 1, 1, 60_000, "LogAppendTime", "delete"));
    }

    @Test
    void shouldKeepSettingsOfTheGuaranteesWhenExtraSettingsContradict() throws Exception {
        assertThat(setting(Topic.GRABS, "retention.ms")).isEqualTo("60000");
        assertThat(setting(Topic.GRABS, "min.insync.replicas")).isEqualTo("1");
        assertThat(setting(Topic.GRABS, "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(Topic.GRABS, "message.timestamp.type")).isEqualTo("LogAppendTime");
    }

    /** Every Kafka client reads GZIP. The topology sends LZ4, which some clients cannot read. */
    @Test
    void shouldStoreResultsInAFormForAllClientsWhenTopicsAreCreatedSo() throws Exception {
        deleteTopics();
        Topics.create(admin, 1, (short) 1, Map.of("compression.type", "gzip"));
        Map<String, Object> settings = kafka.address().clientSettings();
        settings.put("compression.type", "lz4");
        List<Topic> results = List.of(Topic.AWARDS, Topic.PACKETS, Topic.STATS);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : results) {
                producer.send(new ProducerRecord<>(topic.topicName(), new byte[1], new byte[1_000]))
                        .get();
            }
        }

        assertThat(Topics.check(admin)).isEmpty();
        assertThat(setting(Topic.GRABS, "compression.type")).isEqualTo("uncompressed");
        assertThat(results).allSatisfy(topic -> assertThat(compressionOf(topic)).containsOnly(CompressionType.GZIP));
    }

    private static List<CompressionType> compressionOf(Topic topic) throws IOException {
        Path log = kafka.folder().resolve(topic + "-0").resolve("00000000000000000000.log");
        try (FileRecords records = FileRecords.open(log.toFile(), false)) {
            List<CompressionType> found = new ArrayList<>();
            records.batches().forEach(batch -> found.add(batch.compressionType()));
            return found;
        }
    }

    @Test
    void shouldChangeNothingWhenCreatedAgain() throws Exception {
        Topics.create(admin, 3, (short) 1, Map.of("retention.ms", "90000"));

        assertThat(setting(Topic.GRABS, "retention.ms")).isEqualTo("60000");
    }

    @Test
    void shouldCreateOnlyMissingTopicsWhenSomeExist() throws Exception {
        delete(List.of(Topic.AWARDS.topicName(), Topic.STATS.topicName()));

        Topics.create(admin, 3, (short) 1, Map.of());

        assertThat(Topics.check(admin)).isEmpty();
    }

    @Test
    void shouldRefuseAndCreateNothingWhenExistingTopicsHaveOtherPartitions() throws Exception {
        delete(List.of(Topic.AWARDS.topicName()));

        assertThatThrownBy(() -> Topics.create(admin, 6, (short) 1, Map.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("redpacket.grabs has 3 partitions instead of 6");
        assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).doesNotContain(Topic.AWARDS.topicName());
    }

    @Test
    void shouldNameTheTopicWhenOneIsMissing() throws Exception {
        delete(List.of(Topic.OPENS.topicName()));

        assertThat(Topics.check(admin))
                .containsExactly(
                        "Topic redpacket.opens is missing: run ./redpacket topics --create, or create it with 3"
                                + " partitions and cleanup.policy=delete compression.type=uncompressed"
                                + " max.message.bytes=1048588 message.timestamp.type=LogAppendTime.");
    }

    @Test
    void shouldNameEveryTopicWhenNoneExists() throws Exception {
        delete(admin.listTopics().names().get(30, TimeUnit.SECONDS));

        assertThat(Topics.check(admin)).hasSize(Topic.values().length).allMatch(problem -> problem.contains("missing"));
    }

    @Test
    void shouldNameTheTopicsWhenPartitionsDiffer() throws Exception {
        admin.createPartitions(Map.of(
                        Topic.PACKETS.topicName(), NewPartitions.increaseTo(4),
                        Topic.DEAD_LETTERS.topicName(), NewPartitions.increaseTo(7)))
                .all()
                .get(30, TimeUnit.SECONDS);

        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin))
                .hasSize(3)
                .allMatch(problem -> problem.contains("has 3 partitions instead of 4"))
                .noneMatch(problem -> problem.contains("packets has")));
    }

    @Test
    void shouldSayHowToFixItWhenASettingIsWrong() throws Exception {
        alter(Topic.GRABS, "message.timestamp.type", "CreateTime");

        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin))
                .containsExactly(
                        "Topic redpacket.grabs has message.timestamp.type=CreateTime, which must be LogAppendTime:"
                                + " change it with kafka-configs.sh --alter --entity-type topics --entity-name"
                                + " redpacket.grabs --add-config message.timestamp.type=[LogAppendTime]."));
    }

    @Test
    void shouldSayHowToFixItWhenKafkaMayLoseWhatItAcknowledged() throws Exception {
        alter(Topic.AWARDS, "unclean.leader.election.enable", "true");

        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin, "redpacket"))
                .containsExactly(
                        "Topic redpacket.awards has unclean.leader.election.enable=true, which must be false, so that"
                                + " no replica without the last records becomes the leader: change it with"
                                + " kafka-configs.sh --alter --entity-type topics --entity-name redpacket.awards"
                                + " --add-config unclean.leader.election.enable=false."));
    }

    @Test
    void shouldSayHowToFixItWhenTransactionsHaveNoEpochsOfTheirOwn() throws Exception {
        finalizeTransactionVersion((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
        try {
            Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin, "redpacket"))
                    .containsExactly("Kafka has transaction.version=1, which must be at least 2, so that a late request"
                            + " of one transaction cannot join the next one: upgrade all brokers to Kafka 4, then run"
                            + " kafka-features.sh upgrade --feature transaction.version=2."));
        } finally {
            finalizeTransactionVersion((short) 2, FeatureUpdate.UpgradeType.UPGRADE);
        }
        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin, "redpacket"))
                .isEmpty());
    }

    private static void finalizeTransactionVersion(short version, FeatureUpdate.UpgradeType type) throws Exception {
        admin.updateFeatures(
                        Map.of("transaction.version", new FeatureUpdate(version, type)), new UpdateFeaturesOptions())
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    /** Ten kilobytes in the log would need as much memory as the sender likes. */
    @Test
    void shouldDemandThatInputTopicsBoundTheMemoryForARecord() throws Exception {
        Map<String, Object> settings = kafka.address().clientSettings();
        settings.put("compression.type", "zstd");
        settings.put("max.request.size", 60_000_000);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic input : List.of(Topic.OPENS, Topic.GRABS)) {
                assertThat(producer.send(new ProducerRecord<>(input.topicName(), new byte[30_000_000])))
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .withCauseInstanceOf(RecordTooLargeException.class);
            }
        }

        alter(Topic.GRABS, "compression.type", "producer");
        alter(Topic.OPENS, "max.message.bytes", "5000000");

        Awaitility.await().untilAsserted(() -> assertThat(Topics.check(admin))
                .containsExactly(
                        "Topic redpacket.opens has max.message.bytes=5000000, which must be 1048588:"
                                + " change it with kafka-configs.sh --alter --entity-type topics --entity-name"
                                + " redpacket.opens --add-config max.message.bytes=[1048588].",
                        "Topic redpacket.grabs has compression.type=producer, which must be uncompressed:"
                                + " change it with kafka-configs.sh --alter --entity-type topics --entity-name"
                                + " redpacket.grabs --add-config compression.type=[uncompressed]."));
    }

    @Test
    void shouldFindNoProblemWhenAListIsInAnotherOrder() throws Exception {
        alter(Topic.STATS, "cleanup.policy", "delete,compact");

        Awaitility.await().until(() -> setting(Topic.STATS, "cleanup.policy").equals("delete,compact"));
        assertThat(Topics.check(admin)).isEmpty();
    }

    private static void delete(Collection<String> topics) throws Exception {
        admin.deleteTopics(topics).all().get(30, TimeUnit.SECONDS);
        Awaitility.await().until(() -> admin.listTopics().names().get().stream().noneMatch(topics::contains));
    }

    private static void alter(Topic topic, String name, String value) throws Exception {
        var change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(change)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private static String setting(Topic topic, String name) throws Exception {
        return admin.describeConfigs(List.of(resource(topic)))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(resource(topic))
                .get(name)
                .value();
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
    }
}
