package redpacket.application;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.events.Topic;
import redpacket.reader.MissingTopicException;
import redpacket.reader.ReadCommitted;

/** The committed records of the dead letter topic. Later letters, such as those that a redrive causes, are left out. */
final class DeadLetters implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration patience;
    private final Map<TopicPartition, Long> ends;

    /**
     * Finds the end of the topic.
     *
     * @param patience how long to wait for Kafka without an answer
     * @param end {@code READ_COMMITTED} leaves out what open transactions may hide. With {@code READ_UNCOMMITTED} all
     *     is read that has been appended, once these transactions have ended
     */
    DeadLetters(Map<String, Object> kafkaSettings, Duration patience, IsolationLevel end) {
        this.patience = patience;
        Map<String, Object> settings = ReadCommitted.settings(kafkaSettings);
        // Skip dead letters that retention removes meanwhile.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<PartitionInfo> found = consumer.partitionsFor(Topic.DEAD_LETTERS.topicName());
            if (found == null || found.isEmpty()) {
                throw new MissingTopicException(Topic.DEAD_LETTERS);
            }
            List<TopicPartition> partitions = found.stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            ends = ends(kafkaSettings, partitions, patience, end);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private static Map<TopicPartition, Long> ends(
            Map<String, Object> kafkaSettings, List<TopicPartition> partitions, Duration patience, IsolationLevel end) {
        Map<String, Object> settings = new HashMap<>(kafkaSettings);
        // The admin client refuses one that is shorter than the timeout of a request.
        settings.remove("default.api.timeout.ms");
        try (Admin admin = Admin.create(settings)) {
            Map<TopicPartition, OffsetSpec> latest =
                    partitions.stream().collect(toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin
                    .listOffsets(latest, new ListOffsetsOptions(end).timeoutMs(Math.toIntExact(patience.toMillis())))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(toMap(Map.Entry::getKey, found -> found.getValue().offset()));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }

    /** Reads the topic twice: the mark of a letter comes after the letter. */
    void forEach(Consumer<DeadLetter> reader) {
        Set<Place> sentBack = new HashSet<>();
        read(record -> sentBack.add(new Place(record.partition(), DeadLetter.markedBy(record))));
        consumer.seekToBeginning(ends.keySet());
        read(record -> {
            if (DeadLetter.markedBy(record) < 0) {
                boolean wasSentBack = sentBack.contains(new Place(record.partition(), record.offset()));
                reader.accept(new DeadLetter(record, wasSentBack));
            }
        });
    }

    private record Place(int partition, long offset) {}

    private void read(Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                if (record.offset() < end) {
                    reader.accept(record);
                }
            }
            if (!polled.isEmpty()) {
                deadlineNanos = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadlineNanos) {
                throw new TimeoutException("no dead letter came for " + patience.toMillis()
                        + " ms; an open transaction may hold them back: try again when it has ended");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
