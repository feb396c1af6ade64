package redpacket.local.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Topic;

/** Breaks the topics of a pipeline and its committed offsets. */
public final class BreakableLog {
    /** Longer than the session timeout, after which a killed member leaves the group. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long TURN_MILLIS = 200;

    /** The most that a broker allows by default. */
    static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

    /** As many empty headers as the topics take in a record. They need some 50 times the memory. */
    private static final int BOMB_HEADERS = 500_000;

    private final KafkaAddress kafka;

    /** The ids of producers that left a transaction open, each with the partition that it wrote to. */
    private final Map<Long, TopicPartition> leftOpen = new HashMap<>();

    BreakableLog(KafkaAddress kafka) {
        this.kafka = kafka;
    }

    /** Requires that no instance runs. Returns false if the group still has a member. */
    boolean deleteCommittedOffsets() {
        Set<TopicPartition> inputs = new HashSet<>();
        for (Topic topic : List.of(Topic.OPENS, Topic.GRABS, Topic.STATS_DELTAS)) {
            for (int partition = 0; partition < BreakablePipeline.PARTITIONS; partition++) {
                inputs.add(new TopicPartition(topic.topicName(), partition));
            }
        }
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            return succeedsInTime(() -> deleteOffsets(admin, inputs));
        }
    }

    private static boolean deleteOffsets(Admin admin, Set<TopicPartition> inputs) {
        try {
            get(admin.deleteConsumerGroupOffsets(BreakablePipeline.GROUP, inputs)
                    .all());
            return true;
        } catch (GroupSubscribedToTopicException | GroupNotEmptyException hasMember) {
            return false;
        }
    }

    /** Appends a grab for an unknown packet with a time in the future, like a broker with a wrong clock. */
    void appendGrabDatedAhead(Duration ahead) {
        Grab grab = new Grab("clock-jump", "nowhere", "user");
        try (Admin admin = Admin.create(kafka.clientSettings());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        kafka.clientSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            // Other records of this period have the time of their producers, which is right.
            set(admin, "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
            set(admin, "message.timestamp.type", "CreateTime");
            long dated = System.currentTimeMillis() + ahead.toMillis();
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    Topic.GRABS.topicName(), null, dated, grab.packetId().getBytes(UTF_8), Json.write(grab));
            // A changed setting takes a moment to reach the log of the broker.
            if (!succeedsInTime(() -> get(producer.send(record)).timestamp() == dated)) {
                throw new IllegalStateException(Topic.GRABS.topicName() + " does not take the time of producers");
            }
            set(admin, "message.timestamp.type", "LogAppendTime");
        }
    }

    /** Writes to a partition of the grabs in a transaction, and vanishes without ending it. */
    void leaveTransactionOpen(int partition, Duration timeout) {
        TopicPartition grabs = new TopicPartition(Topic.GRABS.topicName(), partition);
        String transactionalId = "foreign-" + UUID.randomUUID();
        Map<String, Object> settings = kafka.clientSettings();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) timeout.toMillis());
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            producer.initTransactions();
            producer.beginTransaction();
            get(producer.send(new ProducerRecord<>(
                    grabs.topic(), partition, "nowhere".getBytes(UTF_8), "never read".getBytes(UTF_8))));
            leftOpen.put(
                    get(admin.describeTransactions(List.of(transactionalId)).description(transactionalId))
                            .producerId(),
                    grabs);
        } finally {
            // At once: a producer that has time to close aborts its transaction.
            producer.close(Duration.ZERO);
        }
    }

    /** Ends the transactions that were left open, as an operator does. */
    void abortTransactions() {
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            leftOpen.forEach((producerId, partition) -> abort(admin, producerId, partition));
        }
        leftOpen.clear();
    }

    private static void abort(Admin admin, long producerId, TopicPartition partition) {
        get(admin.describeProducers(List.of(partition)).partitionResult(partition)).activeProducers().stream()
                .filter(each -> each.producerId() == producerId
                        && each.currentTransactionStartOffset().isPresent())
                .forEach(open -> get(admin.abortTransaction(new AbortTransactionSpec(
                                partition,
                                producerId,
                                (short) open.producerEpoch(),
                                open.coordinatorEpoch().orElse(0)))
                        .all()));
    }

    /** Appends an unreadable grab that is small in the log and large in memory. */
    void appendBomb(String packetId) {
        Map<String, Object> settings = kafka.clientSettings();
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 3 * BOMB_HEADERS);
        Header[] headers = new Header[BOMB_HEADERS];
        Arrays.fill(headers, new RecordHeader("", (byte[]) null));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            get(producer.send(new ProducerRecord<>(
                    Topic.GRABS.topicName(), null, packetId.getBytes(UTF_8), new byte[1], new RecordHeaders(headers))));
        }
    }

    /** Repeats the attempt until it succeeds. Returns false if that takes too long. */
    private static boolean succeedsInTime(BooleanSupplier attempt) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!attempt.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void set(Admin admin, String name, String value) {
        ConfigResource grabs = new ConfigResource(ConfigResource.Type.TOPIC, Topic.GRABS.topicName());
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        get(admin.incrementalAlterConfigs(Map.of(grabs, List.of(change))).all());
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
