package redpacket.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.TraceContext;
import redpacket.events.WindowStats;

/**
 * Reads awards, packet events and statistics of committed transactions. Results of an aborted transaction were never
 * answers. Not thread-safe: one thread calls {@link #poll} in a loop.
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
        // A new group starts at the beginning.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        if (groupId != null) {
            settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        }
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.inGroup = groupId != null;
    }

    /**
     * Reads from a start position on, without an end.
     *
     * @param kafkaSettings settings of the Kafka consumer, {@code bootstrap.servers} at least
     * @throws MissingTopicException if a topic does not exist
     * @throws org.apache.kafka.common.errors.TimeoutException if Kafka does not answer within
     *     {@code default.api.timeout.ms} (60 s)
     */
    public static CommittedReader from(Start start, Map<String, ?> kafkaSettings, Set<Topic> topics) {
        CommittedReader reader = new CommittedReader(kafkaSettings, null);
        reader.assign(topics, start);
        return reader;
    }

    /** Reads everything that the topics still have, and then new records. Otherwise like {@link #from}. */
    public static CommittedReader fromBeginning(Map<String, ?> kafkaSettings, Set<Topic> topics) {
        return from(Start.BEGINNING, kafkaSettings, topics);
    }

    /**
     * Reads records that are committed after this method has returned. The reader does not miss the answer to a command
     * that is sent after that. Otherwise like {@link #from}.
     */
    public static CommittedReader fromNow(Map<String, ?> kafkaSettings, Set<Topic> topics) {
        return from(Start.NOW, kafkaSettings, topics);
    }

    /**
     * Shares the partitions with the other readers of the consumer group, and continues where the group stopped. Every
     * event reaches a listener at least once. If a reader stops before it has finished a batch, the events of that
     * batch come again. The arguments are those of {@link #from}; the topics may be created later.
     */
    public static CommittedReader inGroup(Map<String, ?> kafkaSettings, String groupId, Set<Topic> topics) {
        CommittedReader reader = new CommittedReader(kafkaSettings, groupId);
        reader.consumer.subscribe(topics.stream().map(Topic::topicName).toList());
        return reader;
    }

    /**
     * Waits for events, and passes them to the listener. If the listener throws an exception, close this reader. A new
     * reader of the same group gets the batch again.
     *
     * @param atMost how long to wait if no records come
     * @return the number of records
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

    /** Whether all committed records are read, as far as is known. False until the end of each partition is known. */
    public boolean isCaughtUp() {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    /** The next offset in each partition of a topic. All committed records before it have been passed. */
    public Map<Integer, Long> positions(Topic topic) {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(topic.topicName()))
                .collect(toMap(TopicPartition::partition, consumer::position));
    }

    /** Makes {@link #poll} in another thread throw {@link org.apache.kafka.common.errors.WakeupException}. */
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
            LOG.debug("Lost partitions before their batch was committed. Their new reader gets it again", e);
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
                default -> throw new IllegalStateException(topic + " has no results");
            };
        } catch (InvalidEventException e) {
            LOG.warn("Skipped {}-{} offset {}: {}", topic, record.partition(), record.offset(), e.getMessage());
            return;
        }
        passing.run();
    }

    private static <T> Committed<T> at(ConsumerRecord<byte[], byte[]> record, T event) {
        return new Committed<>(event, record.partition(), record.offset(), record.timestamp(), trace(record.headers()));
    }

    private static TraceContext trace(Headers headers) {
        Header parent = headers.lastHeader(TraceContext.PARENT_HEADER);
        return parent == null
                ? TraceContext.NONE
                : TraceContext.of(text(parent), text(headers.lastHeader(TraceContext.STATE_HEADER)));
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
