package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** Lists, filters and redrives the dead letters of a running topology. */
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final byte[] KEY = "lunch".getBytes(UTF_8);
    private static final int PARTITIONS = 4;
    private static final int TOO_LARGE = 1_020_000;

    private static LocalServers servers;
    private static RedisConnection redis;
    private static ShareQueues queues;
    private static RedPacketApplication topology;

    @BeforeAll
    static void start(@TempDir Path folder) {
        servers = LocalServers.start(PARTITIONS);
        redis = RedisConnection.open(servers.redis());
        queues = new ShareQueues(redis);
        topology = RedPacketApplication.start(
                new StreamsSettings(servers.kafka(), "redpacket", folder, 1, 1),
                TopologyDependencies.of(SeedSecret.of("secret of the dead letters"), queues));
    }

    @AfterAll
    static void stop() {
        topology.close();
        queues.close();
        redis.close();
        servers.close();
    }

    /**
     * Scenario: one grab is in the wrong partition, one record with a header is no grab, one record is too large to be
     * kept whole. Redriving the first fixes it; a second redrive does not send it again. The second arrives unchanged
     * and becomes a dead letter again. The third cannot be redriven, since only a part of it was kept.
     */
    @Test
    void shouldListDeadLettersAndRedriveTheFilteredOnes() throws Exception {
        assertThat(run(
                                "open",
                                "--packet",
                                "lunch",
                                "--sender",
                                "me",
                                "--cents",
                                "10",
                                "--shares",
                                "1",
                                "--timeout",
                                "1m")
                        .exitCode())
                .isZero();
        int right = sendBadRecords();
        await().atMost(PATIENCE).until(() -> grabLetters().out().endsWith("3 dead letters\n"));

        String table = grabLetters().out();
        assertThat(table).contains("REASON", "librdkafka", "not JSON: ", "(cut: value of " + TOO_LARGE + " bytes)");
        assertThat(run("dead-letters", "--reason", "LIBRDKAFKA", "--topic", "redpacket.grabs")
                        .out())
                .endsWith("1 dead letter\n");
        assertThat(run("dead-letters", "--partition", String.valueOf(right), "--offset", "999")
                        .out())
                .isEqualTo("0 dead letters\n");
        assertThat(grabLetters("--reason", "librdkafka", "--json").out())
                .contains("\"topic\":\"redpacket.grabs\"", "\"keyBase64\":\"bHVuY2g=\"")
                .hasLineCount(1);

        assertThat(grabLetters("--reason", "librdkafka", "--redrive"))
                .isEqualTo(new Run(ExitCode.GOOD, "sent back 1 of 1 dead letters\n", ""));
        List<AwardResult> answers = answers(1);
        assertThat(answers).extracting(AwardResult::repeat).containsExactly(false);
        assertThat(answers).extracting(answer -> answer.share().cents()).containsOnly(10L);
        assertThat(grabLetters("--reason", "librdkafka", "--redrive"))
                .isEqualTo(new Run(ExitCode.GOOD, "sent back 0 of 1 dead letters; 1 were sent back before\n", ""));
        assertThat(grabLetters("--reason", "librdkafka").out()).contains("(sent back) this is partition");
        assertThat(grabLetters("--reason", "librdkafka", "--json").out()).contains("\"sentBack\":true");

        Run rest = grabLetters("--redrive");
        assertThat(rest.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(rest.out()).isEqualTo("sent back 1 of 3 dead letters; 1 were sent back before\n");
        assertThat(rest.err()).contains("too large to be kept whole (value of " + TOO_LARGE + " bytes)");
        await().atMost(PATIENCE).until(() -> grabLetters().out().endsWith("4 dead letters\n"));
        assertThat(grabs("grab!\u001b[2J"))
                .hasSize(2)
                .allSatisfy(grab -> assertThat(grab.key()).isEqualTo(KEY))
                .allSatisfy(
                        grab -> assertThat(grab.headers()).isEqualTo(new RecordHeaders().add("trace", new byte[] {7})));

        assertThat(Audit.run(servers.kafka(), AuditOptions.STRICT.withPatience(PATIENCE))
                        .violations())
                .isEmpty();
    }

    /**
     * Scenario: a command is in the wrong partition, and is redriven twice. It opens its packet once. A second command
     * would do harm once the packet is forgotten: it would be opened, paid and refunded again.
     */
    @Test
    void shouldOpenOnceWhenACommandIsRedrivenTwice() throws Exception {
        OpenPacket command = new OpenPacket("dinner", "me", 10, 1, Split.EQUAL, null, 60_000);
        byte[] key = command.packetId().getBytes(UTF_8);
        int wrong = (BuiltInPartitioner.partitionForKey(key, PARTITIONS) + 1) % PARTITIONS;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                servers.kafka().clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.OPENS.topicName(), wrong, key, Json.write(command)))
                    .get();
        }
        await().atMost(PATIENCE).until(() -> run("dead-letters", "--topic", "redpacket.opens", "--reason", "partition")
                .out()
                .endsWith("1 dead letter\n"));

        assertThat(run("dead-letters", "--topic", "redpacket.opens", "--reason", "partition", "--redrive"))
                .isEqualTo(new Run(ExitCode.GOOD, "sent back 1 of 1 dead letters\n", ""));
        assertThat(run("dead-letters", "--topic", "redpacket.opens", "--reason", "partition", "--redrive"))
                .isEqualTo(new Run(ExitCode.GOOD, "sent back 0 of 1 dead letters; 1 were sent back before\n", ""));

        assertThat(records(Topic.OPENS))
                .filteredOn(record -> Arrays.equals(record.value(), Json.write(command)))
                .extracting(ConsumerRecord::partition)
                .containsExactlyInAnyOrder(wrong, BuiltInPartitioner.partitionForKey(key, PARTITIONS));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(records(Topic.PACKETS))
                .filteredOn(record -> Arrays.equals(record.key(), key))
                .hasSize(1));
    }

    /**
     * Scenario: a transaction is open on the topic of dead letters, as that of a topology is now and then. It hides the
     * mark of a redrive. No letter is sent back twice.
     */
    @Test
    void shouldSendBackOnceWhenAnOpenTransactionHidesTheMark() throws Exception {
        byte[] value = "supper!".getBytes(UTF_8);
        Map<String, Object> settings = servers.kafka().clientSettings();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.OPENS.topicName(), KEY, value))
                    .get();
        }
        String[] redrive = {"dead-letters", "--reason", "supper", "--redrive", "--timeout", "3s"};
        await().atMost(PATIENCE)
                .until(() -> run("dead-letters", "--reason", "supper").out().endsWith("1 dead letter\n"));
        settings.put("transactional.id", "holds up the dead letters");
        try (KafkaProducer<byte[], byte[]> other =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            other.initTransactions();
            other.beginTransaction();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                other.send(new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), partition, KEY, value))
                        .get();
            }
            run(redrive);
            run(redrive);
            other.abortTransaction();
        }
        await().atMost(PATIENCE).until(() -> run(redrive).exitCode() == ExitCode.GOOD);

        assertThat(records(Topic.OPENS))
                .filteredOn(record -> Arrays.equals(record.value(), value))
                .hasSize(2);
    }

    @Test
    void shouldFailWhenThereIsNothingToRedrive() {
        Run run = run("dead-letters", "--reason", "no reason has this", "--redrive");
        assertThat(run).isEqualTo(new Run(ExitCode.FAILED, "sent back 0 of 0 dead letters\n", ""));
    }

    /** Returns the right partition of the key. */
    private static int sendBadRecords() throws ExecutionException, InterruptedException {
        Map<String, Object> settings = servers.kafka().clientSettings();
        settings.put("compression.type", "lz4");
        settings.put("max.request.size", 2 * TOO_LARGE);
        String grabs = Topic.GRABS.topicName();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            int right = producer.send(new ProducerRecord<>(
                            grabs,
                            null,
                            KEY,
                            "grab!\u001b[2J".getBytes(UTF_8),
                            new RecordHeaders().add("trace", new byte[] {7})))
                    .get()
                    .partition();
            int wrong = (right + 1) % PARTITIONS;
            producer.send(new ProducerRecord<>(grabs, wrong, KEY, Json.write(new Grab("g", "lunch", "kim"))))
                    .get();
            producer.send(new ProducerRecord<>(grabs, KEY, new byte[TOO_LARGE])).get();
            return right;
        }
    }

    private static List<AwardResult> answers(int wanted) {
        List<AwardResult> answers = new ArrayList<>();
        ResultListener listener = new ResultListener() {
            @Override
            public void onAward(Committed<AwardResult> award) {
                answers.add(award.event());
            }
        };
        try (CommittedReader reader =
                CommittedReader.fromBeginning(servers.kafka().clientSettings(), Set.of(Topic.AWARDS))) {
            await().atMost(PATIENCE).until(() -> {
                reader.poll(Duration.ofMillis(100), listener);
                return answers.size() >= wanted;
            });
        }
        return answers;
    }

    /** All records on the topic of grabs with this value. */
    private static List<ConsumerRecord<byte[], byte[]>> grabs(String value) {
        return records(Topic.GRABS).stream()
                .filter(grab -> grab.value() != null && value.equals(new String(grab.value(), UTF_8)))
                .toList();
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                servers.kafka().clientSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static Run grabLetters(String... more) {
        List<String> all = new ArrayList<>(List.of("dead-letters", "--topic", "redpacket.grabs"));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private static Run run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--kafka");
        all.add(servers.kafka().bootstrapServers());
        return Run.of(all.toArray(String[]::new));
    }
}
