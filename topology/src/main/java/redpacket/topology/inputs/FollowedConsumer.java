package redpacket.topology.inputs;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A main consumer of Kafka Streams that reports its polls to the {@link DrainedInputs} of its settings, if there are
 * any. A consumer interceptor would see the records of a poll too, but not what the poll left behind.
 */
public class FollowedConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final ByteArrayDeserializer READ = new ByteArrayDeserializer();

    private final Optional<DrainedInputs.Polls> polls;

    public FollowedConsumer(Map<String, Object> settings) {
        super(settings, READ, READ);
        polls = DrainedInputs.of(settings).map(drained -> drained.polls(maxPollRecords(settings)));
    }

    private static int maxPollRecords(Map<String, Object> settings) {
        return Integer.parseInt(
                settings.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG).toString());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polls.ifPresent(DrainedInputs.Polls::keepDistance);
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        polls.ifPresent(followed -> followed.returned(records, this::currentLag));
        return records;
    }
}
