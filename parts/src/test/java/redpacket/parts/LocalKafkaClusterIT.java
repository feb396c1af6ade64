package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.Topics;
import redpacket.events.Topic;

class LocalKafkaClusterIT {
    private static final short REPLICAS = LocalKafkaCluster.BROKERS;

    private static LocalKafkaCluster cluster;
    private static Admin admin;

    @BeforeAll
    static void start() {
        cluster = LocalKafkaCluster.start();
        admin = Admin.create(cluster.address().clientSettings());
    }

    @AfterAll
    static void close() {
        admin.close();
        cluster.close();
    }

    @BeforeEach
    void createTopics() {
        cluster.heal();
        cluster.awaitAll();
        Topics.create(admin, 1, REPLICAS, Map.of());
    }

    @Test
    void shouldTakeRecordsWhenTheLeaderWasKilledAndComeBackWithAnEmptyDisk() throws Exception {
        TopicPartition partition = new TopicPartition(Topic.GRABS.topicName(), 0);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                cluster.address().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            assertThat(Topics.check(admin, "redpacket")).isEmpty();
            assertThat(offsetOfNext(producer, partition)).isZero();

            LocalBroker leader = cluster.leaderOf(partition);
            leader.kill();
            assertThat(offsetOfNext(producer, partition)).isEqualTo(1);
            assertThat(cluster.leaderOf(partition)).isNotSameAs(leader);

            leader.loseDisk();
            leader.start();
            cluster.awaitAll();
            cluster.controller().stop();
            assertThat(offsetOfNext(producer, partition)).isEqualTo(2);
        }
    }

    @Test
    void shouldNameTheTopicWhenOneBrokerIsEnoughForARecord() throws Exception {
        setMinInSyncReplicas("1");
        try {
            await().untilAsserted(() -> assertThat(Topics.check(admin, "redpacket"))
                    .containsExactly("Topic redpacket.awards has 3 replicas and min.insync.replicas=1, which must be at"
                            + " least 2, so that no record is acknowledged that only one broker has: change it with"
                            + " kafka-configs.sh --alter --entity-type topics --entity-name redpacket.awards"
                            + " --add-config min.insync.replicas=2."));
        } finally {
            setMinInSyncReplicas("2");
        }
    }

    private static void setMinInSyncReplicas(String count) throws Exception {
        ConfigResource awards = new ConfigResource(ConfigResource.Type.TOPIC, Topic.AWARDS.topicName());
        ConfigEntry setting = new ConfigEntry("min.insync.replicas", count);
        admin.incrementalAlterConfigs(Map.of(awards, List.of(new AlterConfigOp(setting, AlterConfigOp.OpType.SET))))
                .all()
                .get(1, TimeUnit.MINUTES);
    }

    private static long offsetOfNext(KafkaProducer<byte[], byte[]> producer, TopicPartition partition)
            throws Exception {
        return producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]))
                .get(1, TimeUnit.MINUTES)
                .offset();
    }
}
