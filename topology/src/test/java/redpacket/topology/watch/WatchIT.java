package redpacket.topology.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;

/** What the watch sees of groups that stand, each for a reason of its own. */
@SuppressWarnings("try") // The idle member works while it is in scope.
class WatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of the shared Kafka. */
    private static final int PARTITIONS = 4;

    private static final KafkaAddress KAFKA = LocalServers.shared().kafka();

    @TempDir
    private Path folder;

    private volatile Optional<String> outage = Optional.of("waiting for Redis: gone");

    /** A member of a group that owns all partitions and decides nothing. */
    private static final class IdleMember implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Thread thread = new Thread(this::poll, "idle-member");

        IdleMember(String group) {
            Map<String, Object> settings = KAFKA.clientSettings();
            settings.put("group.id", group);
            settings.put("client.id", group + "-StreamThread-1-consumer");
            settings.put("enable.auto.commit", false);
            consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.subscribe(List.of(Topic.OPENS.topicName(), Topic.GRABS.topicName()));
            thread.start();
        }

        private void poll() {
            try (consumer) {
                while (true) {
                    consumer.poll(Duration.ofSeconds(1));
                }
            } catch (WakeupException e) {
                // Closed.
            }
        }

        @Override
        public void close() {
            consumer.wakeup();
        }
    }

    private final class OneInstance implements Watch.Instance {
        private final String group;

        OneInstance(String group) {
            this.group = group;
        }

        @Override
        public String clientId() {
            return group + "-StreamThread-";
        }

        @Override
        public Optional<String> outage() {
            return outage;
        }

        @Override
        public Optional<Failures.Failure> failure() {
            return Optional.empty();
        }

        @Override
        public long restored() {
            return 0;
        }
    }

    @Test
    void shouldSaveTheThreadsOfAnInstanceThatDecidesNothingUnlessThereIsAReason() {
        String group = "stuck";
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            var unused = producer.send(new ProducerRecord<>(Topic.GRABS.topicName(), 1, null, "grab".getBytes(UTF_8)));
        }
        try (IdleMember member = new IdleMember(group);
                Watch watch = Watch.over(KAFKA, group, new OneInstance(group), Duration.ofSeconds(3), folder)) {
            await().atMost(PATIENCE).until(() -> watch.trouble().orElse("").contains("waiting for Redis: gone"));
            assertThat(watch.trouble().orElseThrow()).contains("redpacket.grabs-1 at offset ");
            assertThat(watch.stuck()).isEmpty();

            outage = Optional.empty();
            await().atMost(PATIENCE).until(() -> watch.stuck().isPresent());
            assertThat(watch.stuck().orElseThrow())
                    .contains("this instance has decided nothing for ", "Its threads are in " + folder);
            assertThat(folder.toFile().listFiles()).singleElement().satisfies(file -> assertThat(file)
                    .content()
                    .contains("\"idle-member\"", "at redpacket.topology.watch."));
        }
    }

    @Test
    void shouldNameTheTransactionThatHidesAChangelogOrHoldsTheOffsets() throws Exception {
        String group = "restoring";
        TopicPartition changelog = new TopicPartition(group + "-store-changelog", 0);
        try (Admin admin = Watch.admin(KAFKA);
                KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "another-application"))) {
            NewTopic asTheTopologyMakesIt =
                    new NewTopic(changelog.topic(), PARTITIONS, (short) 1).configs(Topic.ANY_TIMESTAMP);
            admin.createTopics(List.of(asTheTopologyMakesIt)).all().get();
            Obstacles obstacles = new Obstacles(admin, group, KAFKA.bootstrapServers(), Duration.ZERO);
            assertThat(obstacles.find()).isEmpty();

            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(changelog.topic(), 0, null, "state".getBytes(UTF_8)))
                    .get();
            assertThat(obstacles.find())
                    .singleElement()
                    .asString()
                    .contains("has a transaction open on restoring-store-changelog-0 from offset 0 on")
                    .contains("with the transactional id another-application")
                    .contains("kafka-transactions.sh --bootstrap-server " + KAFKA.bootstrapServers()
                            + " abort --topic restoring-store-changelog --partition 0 --start-offset 0");

            TopicPartition input = new TopicPartition(Topic.GRABS.topicName(), 0);
            producer.sendOffsetsToTransaction(Map.of(input, new OffsetAndMetadata(0)), memberOf(group));
            assertThat(String.join("\n", obstacles.find()))
                    .contains("a transaction that has not ended holds the committed offsets of the group")
                    .contains("has a transaction open on __consumer_offsets-");
            assertThat(Inquest.of(KAFKA, group)).contains("another-application", changelog + ": end 1, stable end 0");

            producer.abortTransaction();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(obstacles.find()).isEmpty());
        }
    }

    private static ConsumerGroupMetadata memberOf(String group) {
        Map<String, Object> settings = KAFKA.clientSettings();
        settings.put("group.id", group);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = KAFKA.clientSettings();
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
