package redpacket.benchmark.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;
import redpacket.reader.ReadCommitted;

/** Counts committed answers and does nothing else, because it shares the machine with the measured contestant. */
public final class CommittedAnswers implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration patience;

    /** Reads from the beginning of the topic. */
    public static CommittedAnswers on(KafkaAddress kafka, Duration patience) {
        return new CommittedAnswers(kafka, patience);
    }

    private CommittedAnswers(KafkaAddress kafka, Duration patience) {
        this.patience = patience;
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 50_000);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.AWARDS.topicName()).stream()
                .map(found -> new TopicPartition(found.topic(), found.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        partitions.forEach(consumer::position);
    }

    /**
     * Returns when {@code count} answers have come, with the nanoseconds from the first to the last.
     *
     * @param seen receives the answers
     * @throws WrongAnswersException if the answers stop before that
     */
    public long await(long count, Consumer<ConsumerRecords<byte[], byte[]>> seen) {
        long received = 0;
        long firstNanos = 0;
        long lastNanos = System.nanoTime();
        while (received < count) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            int more = records.count();
            long now = System.nanoTime();
            seen.accept(records);
            if (more > 0) {
                firstNanos = received == 0 ? now : firstNanos;
                lastNanos = now;
                received += more;
            } else if (now - lastNanos > patience.toNanos()) {
                throw new WrongAnswersException("Only " + received + " of " + count + " grabs were answered");
            }
        }
        return lastNanos - firstNanos;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
