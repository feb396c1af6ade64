package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import redpacket.clients.Topics;
import redpacket.events.Topic;

class LocalKafkaClusterIT {
    private static final short REPLICAS = LocalKafkaCluster.BROKERS;

    @Test
    void shouldTakeRecordsWhenTheLeaderWasKilledAndComeBackWithAnEmptyDisk() throws Exception {
        TopicPartition partition = new TopicPartition(Topic.GRABS.topicName(), 0);
        try (LocalKafkaCluster cluster = LocalKafkaCluster.start();
                Admin admin = Admin.create(cluster.address().clientSettings());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        cluster.address().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            Topics.create(admin, 1, REPLICAS, Map.of());
            assertThat(Topics.check(admin)).isEmpty();
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

    private static long offsetOfNext(KafkaProducer<byte[], byte[]> producer, TopicPartition partition)
            throws Exception {
        return producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]))
                .get(1, TimeUnit.MINUTES)
                .offset();
    }
}
