package redpacket.reader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/**
 * Reads awards, packet events and statistics, and only what is committed: results of an aborted transaction were never
 * the answer. For one thread, which calls {@link #poll} again and again.
 */
public final class CommittedReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommittedReader.class);

    private static final Map<String, Topic> TOPICS = Map.of(
            Topic.AWARDS.topicName(), Topic.AWARDS,
            Topic.PACKETS.topicName(), Topic.PACKETS,
            Topic.STATS.topicName(), Topic.STATS);

    private final Consumer<byte[], byte[]> consumer;
    private final boolean inGroup;

    private CommittedReader(Map<String, ?> kafkaSettings, String groupId) {
        Map<String, Object> settings = ReadCommitted.settings(kafkaSettings);
        // A group that is new has missed nothing yet.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        if (groupId != null) {
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        }
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.inGroup = groupId != null;
    }

    /**
     * Reads from the start on, and then what comes.
     *
     * @param kafkaSettings Kafka's consumer settings, {@code bootstrap.servers} at least
     * @throws MissingTopicException if a topic does not exist
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer within
     *     {@code default.api.timeout.ms} (60 s)
     */
    public static CommittedReader from(Start start, Map<String, ?> kafkaSettings, Set<Topic> topics) {
        CommittedReader reader = new CommittedReader(kafkaSettings, null);
        reader.assign(topics, start);
        return reader;
    }

    /** Reads all that the topics still hold, and then what comes; otherwise like {@link #from}. */
    public static CommittedReader fromBeginning(Map<String, ?> kafkaSettings, Set<Topic> topics) {
        return from(Start.BEGINNING, kafkaSettings, topics);
    }

    /**
     * Reads what is committed after this method has returned: the answer to a command sent then cannot be missed.
     * Otherwise like {@link #from}.
     */
    public static CommittedReader fromNow(Map<String, ?> kafkaSettings, Set<Topic> topics) {
        return from(Start.NOW, kafkaSettings, topics);
    }

    /**
     * Shares the topics with the other readers of the group, and goes on where the group stopped: every event reaches a
     * listener at least once, and again if a reader stops before the batch that it is in is done. Arguments are those of
     * {@link #from}; topics may be created later.
     */
    public static CommittedReader inGroup(Map<String, ?> kafkaSettings, String groupId, Set<Topic> topics) {
        CommittedReader reader = new CommittedReader(kafkaSettings, groupId);
        reader.consumer.subscribe(topics.stream().map(Topic::topicName).toList());
        return reader;
    }

    /**
     * Waits for events, at most so long, and passes them to the listener. When the listener throws, close this reader: a
     * new one of the same group gets the batch again.
     *
     * @return how many records came
     */
    public int poll(Duration atMost, ResultListener listener) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(atMost);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            pass(record, listener);
        }
        if (inGroup && !records.isEmpty()) {
            commit();
        }
        return records.count();
    }

    /** Whether every committed record is read, as far as Kafka has told; false until it has told of each partition. */
    public boolean isCaughtUp() {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    /** Makes a {@link #poll} in another thread end with {@link org.apache.kafka.common.errors.WakeupException}. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void assign(Set<Topic> topics, Start start) {
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            for (Topic topic : topics) {
                List<PartitionInfo> found = consumer.partitionsFor(topic.topicName());
                if (found == null || found.isEmpty()) {
                    throw new MissingTopicException(topic);
                }
                found.forEach(
                        partition -> partitions.add(new TopicPartition(partition.topic(), partition.partition())));
            }
            consumer.assign(partitions);
            start.offsets(consumer, partitions).forEach(consumer::seek);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void commit() {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.debug("Lost partitions before their batch was done: their new reader gets it again", e);
        }
    }

    private static void pass(ConsumerRecord<byte[], byte[]> record, ResultListener listener) {
        Topic topic = TOPICS.get(record.topic());
        Runnable passing;
        try {
            passing = switch (topic) {
                case AWARDS -> {
                    Committed<AwardResult> award = at(record, Json.readAward(record.value()));
                    yield () -> listener.onAward(award);
                }
                case PACKETS -> {
                    Committed<PacketEvent> event = at(record, Json.readPacketEvent(record.value()));
                    yield () -> listener.onPacketEvent(event);
                }
                case STATS -> {
                    Committed<WindowStats> stats = at(record, Json.readStats(record.value()));
                    yield () -> listener.onStats(stats);
                }
                default -> throw new IllegalStateException(topic + " holds no results");
            };
        } catch (InvalidEventException e) {
            LOG.warn("Skipped {}-{} offset {}: {}", topic, record.partition(), record.offset(), e.getMessage());
            return;
        }
        passing.run();
    }

    private static <T> Committed<T> at(ConsumerRecord<byte[], byte[]> record, T event) {
        return new Committed<>(event, record.partition(), record.offset(), record.timestamp());
    }
}
