package redpacket.topology.watch;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.clients.KafkaAddress;

/** Reads the first record after an offset. Offsets may belong to no record: markers of transactions have some too. */
final class FirstRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Where to read, and the offset before which the record must be. */
    record Range(long from, long end) {}

    FirstRecords(KafkaAddress kafka, IsolationLevel isolation) {
        Map<String, Object> settings = kafka.clientSettings();
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Looks.TIMEOUT_MILLIS);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Retention may remove what the range begins with.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // One record is wanted of each partition, and values may be large.
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 65_536);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The first record of each range, empty where it has none. A partition without an answer in time is missing. */
    Map<TopicPartition, Optional<InputLook.First>> of(Map<TopicPartition, Range> ranges) {
        Map<TopicPartition, Optional<InputLook.First>> found = new HashMap<>();
        if (ranges.isEmpty()) {
            return found;
        }
        consumer.assign(ranges.keySet());
        consumer.resume(ranges.keySet());
        ranges.forEach((partition, range) -> consumer.seek(partition, range.from()));
        Set<TopicPartition> open = new HashSet<>(ranges.keySet());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (open.remove(partition)
                        && record.offset() < ranges.get(partition).end()) {
                    found.put(partition, Optional.of(new InputLook.First(record.offset(), record.timestamp())));
                }
            }
            List.copyOf(open).stream()
                    .filter(partition -> consumer.position(partition)
                            >= ranges.get(partition).end())
                    .forEach(open::remove);
            Set<TopicPartition> done = new HashSet<>(ranges.keySet());
            done.removeAll(open);
            done.forEach(partition -> found.putIfAbsent(partition, Optional.empty()));
            consumer.pause(done);
        }
        return found;
    }

    @Override
    public void close() {
        // It belongs to no group, so there is nothing to leave.
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
