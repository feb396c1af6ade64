package redpacket.topology.inputs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import redpacket.events.Topic;

/**
 * The packets of the grabs that the consumers have just fetched.
 *
 * <p>Streams passes a processor one record at a time. After a restart the first grab of each packet would wait for
 * Redis alone. With the look-ahead, the hundreds of packets of one fetch wait together. A missing packet costs time,
 * never an answer.
 */
public final class LookAhead {
    private static final String SETTING = "redpacket.look.ahead";

    /** Fetches to keep of one partition. They are more records than Streams buffers; older ones are decided. */
    private static final int FETCHES = 4;

    private final ConcurrentMap<Integer, Fetches> fetches = new ConcurrentHashMap<>();

    /** The latest fetches of one partition. Synchronized, because another thread may get the partition. */
    public static final class Fetches {
        private final Queue<List<ConsumerRecord<byte[], byte[]>>> latest = new ArrayDeque<>();

        private synchronized void add(List<ConsumerRecord<byte[], byte[]>> grabs) {
            if (latest.size() == FETCHES) {
                latest.remove();
            }
            latest.add(grabs);
        }

        private synchronized List<ConsumerRecord<byte[], byte[]>> next() {
            return latest.poll();
        }

        /** Removes the fetches, and hands over their keys, which are packet ids if the records are valid. */
        public void forEachPacketId(Consumer<String> look) {
            for (List<ConsumerRecord<byte[], byte[]>> grabs = next(); grabs != null; grabs = next()) {
                for (ConsumerRecord<byte[], byte[]> grab : grabs) {
                    if (grab.key() != null) {
                        look.accept(new String(grab.key(), ISO_8859_1));
                    }
                }
            }
        }

        public synchronized void clear() {
            latest.clear();
        }
    }

    public Fetches fetches(int partition) {
        return fetches.computeIfAbsent(partition, unseen -> new Fetches());
    }

    /** Registers the consumer interceptor. Call once per application. */
    public void addTo(Properties streamsSettings) {
        streamsSettings.merge(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                Fetched.class.getName(),
                (others, fetched) -> others + "," + fetched);
        streamsSettings.put(StreamsConfig.mainConsumerPrefix(SETTING), this);
    }

    /** Gets every batch of records that a consumer has fetched. Kafka creates it. */
    public static final class Fetched implements ConsumerInterceptor<byte[], byte[]> {
        private LookAhead lookAhead;

        @Override
        public void configure(Map<String, ?> settings) {
            lookAhead = (LookAhead) settings.get(SETTING);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            for (TopicPartition from : records.partitions()) {
                if (from.topic().equals(Topic.GRABS.topicName())) {
                    lookAhead.fetches(from.partition()).add(records.records(from));
                }
            }
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
