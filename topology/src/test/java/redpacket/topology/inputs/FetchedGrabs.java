package redpacket.topology.inputs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import redpacket.events.Topic;

/** What a consumer fetches, without a consumer: for tests of the look-ahead. */
public final class FetchedGrabs {
    private FetchedGrabs() {}

    /** The interceptor of a consumer, created as Kafka creates it, from the settings. */
    public static ConsumerInterceptor<byte[], byte[]> consumerOf(LookAhead lookAhead) {
        Properties settings = new Properties();
        lookAhead.addTo(settings);
        Map<String, Object> ofTheConsumer = new HashMap<>();
        settings.forEach((name, value) ->
                ofTheConsumer.put(name.toString().substring(StreamsConfig.MAIN_CONSUMER_PREFIX.length()), value));
        ConsumerInterceptor<byte[], byte[]> interceptor = new LookAhead.Fetched();
        interceptor.configure(ofTheConsumer);
        return interceptor;
    }

    public static TopicPartition partition(Topic topic, int partition) {
        return new TopicPartition(topic.topicName(), partition);
    }

    /** What one poll brings: records with these keys. */
    public static ConsumerRecords<byte[], byte[]> records(Map<TopicPartition, List<String>> keys) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        keys.forEach((from, ofPartition) -> {
            List<ConsumerRecord<byte[], byte[]>> fetched = new ArrayList<>();
            for (String key : ofPartition) {
                byte[] bytes = key == null ? null : key.getBytes(ISO_8859_1);
                fetched.add(new ConsumerRecord<>(from.topic(), from.partition(), fetched.size(), bytes, new byte[0]));
            }
            records.put(from, fetched);
        });
        return new ConsumerRecords<>(records, Map.of());
    }
}
