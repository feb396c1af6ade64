package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.Topics;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.topology.state.PacketLifetime;

/** A topology whose grabs stand says so, with the reason. One that is idle says that all is well. */
class StandingIT {
    @TempDir
    private static Path stateDirectory;

    private static LocalKafka kafka;
    private static LocalRedis redis;
    private static RunningPipeline pipeline;

    @BeforeAll
    static void start() {
        kafka = RunningPipeline.startKafka(2);
        redis = LocalRedis.start();
        pipeline = RunningPipeline.start(
                kafka.address(),
                redis.address(),
                stateDirectory,
                new PacketLifetime(Duration.ofMillis(200), Duration.ofSeconds(60)));
        awaitReady();
    }

    @AfterAll
    static void stop() {
        pipeline.close();
        redis.close();
        kafka.close();
    }

    /** A tick is the last record then, and after it the marker of its transaction, which nobody ever decides. */
    @Test
    void shouldSeeNothingWaitWhenATickIsTheLastRecord() {
        try (Metrics metrics = new Metrics()) {
            pipeline.showIn(metrics);
            pipeline.open(new OpenPacket("brief", "me", 100, 2, Split.EQUAL, null, 1_000));
            await().atMost(RunningPipeline.TIMEOUT)
                    .until(() -> pipeline.packetEvents().stream().anyMatch(PacketEvent.Expired.class::isInstance));

            await().atMost(RunningPipeline.TIMEOUT)
                    .untilAsserted(() -> assertThat(metrics.scrape().lines())
                            .filteredOn(line -> line.startsWith("redpacket_input_lag{"))
                            .hasSize(6)
                            .allMatch(line -> line.endsWith(" 0.0")));
            assertThat(pipeline.health().ready()).isTrue();
        }
    }

    /** Another producer leaves a transaction open. Grabs behind it are answered when it is ended as health says. */
    @Test
    void shouldNameTheTransactionThatHidesGrabs() throws Exception {
        pipeline.open(new OpenPacket("hidden", "me", 100, 2, Split.EQUAL, null, 3_600_000));
        await().atMost(RunningPipeline.TIMEOUT).until(() -> pipeline.packetEvents().stream()
                .anyMatch(event -> event.packetId().equals("hidden")));
        Map<String, Object> settings = kafka.address().clientSettings();
        settings.put("transactional.id", "forgetful");
        settings.put("transaction.timeout.ms", 900_000);
        try (KafkaProducer<byte[], byte[]> other =
                        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
                Admin admin = Admin.create(kafka.address().clientSettings())) {
            other.initTransactions();
            other.beginTransaction();
            RecordMetadata first = other.send(new ProducerRecord<>(
                            Topic.GRABS.topicName(), "hidden".getBytes(UTF_8), "{}".getBytes(UTF_8)))
                    .get();
            RecordMetadata grab = pipeline.grab("hidden", "ann", "g1");
            TopicPartition partition = new TopicPartition(first.topic(), first.partition());

            await().atMost(RunningPipeline.TIMEOUT)
                    .until(() -> !pipeline.health().ready());
            assertThat(pipeline.health().live()).isTrue();
            assertThat(pipeline.health().sentence())
                    .startsWith("not deciding: %s at offset %d stands for ".formatted(partition, first.offset()))
                    .contains("with the transactional id forgetful", "for at most 900 s")
                    .contains("abort --topic redpacket.grabs --partition %d --start-offset %d"
                            .formatted(first.partition(), first.offset()));

            ProducerState producer =
                    admin
                            .describeProducers(List.of(partition))
                            .partitionResult(partition)
                            .get()
                            .activeProducers()
                            .stream()
                            .filter(each -> each.currentTransactionStartOffset().isPresent())
                            .findFirst()
                            .orElseThrow();
            admin.abortTransaction(new AbortTransactionSpec(
                            partition,
                            producer.producerId(),
                            (short) producer.producerEpoch(),
                            producer.coordinatorEpoch().orElse(0)))
                    .all()
                    .get();
            assertThat(pipeline.awaitAnswerTo(grab).userId()).isEqualTo("ann");
            awaitReady();
        }
    }

    /** No record needs the topic yet. */
    @Test
    void shouldNameATopicThatWasDeleted() throws Exception {
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            admin.deleteTopics(List.of(Topic.DEAD_LETTERS.topicName())).all().get();
            await().atMost(RunningPipeline.TIMEOUT)
                    .untilAsserted(() -> assertThat(pipeline.health().sentence())
                            .startsWith("not deciding: Topic redpacket.dead-letters is missing: run ./redpacket topics"
                                    + " --create"));
            assertThat(pipeline.health().ready()).isFalse();

            await().atMost(RunningPipeline.TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> Topics.create(admin, 2, (short) 1, Map.of()));
            awaitReady();
        }
    }

    /** The promise is a time: of several looks at health the fastest counts, as this machine may be busy. */
    @Test
    void shouldAnswerForItsHealthAtOnceWhenRedisHangs() {
        redis.pause();
        try {
            await().atMost(RunningPipeline.TIMEOUT).until(() -> {
                long start = System.nanoTime();
                Health health = pipeline.health();
                return System.nanoTime() - start < 100_000_000
                        && health.sentence().startsWith("waiting for Redis: ");
            });
        } finally {
            redis.resume();
        }
        awaitReady();
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswerAndGoOnWhenItDoes() {
        kafka.stop();
        try {
            await().atMost(RunningPipeline.TIMEOUT)
                    .until(() ->
                            pipeline.health().sentence().contains("Kafka at " + kafka.address() + " does not answer"));
        } finally {
            kafka.restart();
        }
        awaitReady();
    }

    private static void awaitReady() {
        await().atMost(RunningPipeline.TIMEOUT).until(() -> pipeline.health().ready());
    }
}
