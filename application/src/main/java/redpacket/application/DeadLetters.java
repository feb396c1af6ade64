package redpacket.application;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
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
     */
    DeadLetters(Map<String, ?> kafkaSettings, Duration patience) {
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
            ends = consumer.endOffsets(partitions);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    void forEach(Consumer<DeadLetter> reader) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> letter : polled) {
                long end = ends.get(new TopicPartition(letter.topic(), letter.partition()));
                if (letter.offset() < end) {
                    reader.accept(new DeadLetter(letter));
                }
            }
            if (!polled.isEmpty()) {
                deadlineNanos = System.nanoTime() + patience.toNanos();
            } else if (System.nanoTime() > deadlineNanos) {
                throw new TimeoutException("no dead letter came for " + patience.toMillis() + " ms");
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
