package redpacket.topology.streams;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;
import redpacket.events.Topic;

/**
 * Which packets are about to be grabbed, as seen by the consumers that have just fetched the grabs.
 *
 * <p>Streams shows a processor one record at a time. After a restart each packet's first grab would wait for Redis alone; this
 * way the hundreds of packets of one fetch wait together. A hint only: what is missing here costs time, never an answer.
 */
public final class LookAhead {
    private static final String SETTING = "redpacket.look.ahead";

    private final ConcurrentMap<Integer, Queue<byte[]>> packetIds = new ConcurrentHashMap<>();

    /** Record keys, which are packet ids if the records are good; for the partition's processor to take out. */
    Queue<byte[]> packetIds(int partition) {
        return packetIds.computeIfAbsent(partition, unseen -> new ConcurrentLinkedQueue<>());
    }

    /** Lets the consumers tell of what they fetch. Needed once for an application, whose topology takes it out. */
    public void addTo(Properties streamsSettings) {
        streamsSettings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG), Fetched.class.getName());
        streamsSettings.put(StreamsConfig.mainConsumerPrefix(SETTING), this);
    }

    /** Sees every batch of records that a consumer has fetched; made by Kafka. */
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
                    add(records.records(from), lookAhead.packetIds(from.partition()));
                }
            }
            return records;
        }

        private static void add(List<ConsumerRecord<byte[], byte[]>> grabs, Queue<byte[]> packetIds) {
            byte[] last = null;
            for (ConsumerRecord<byte[], byte[]> grab : grabs) {
                // Everybody grabbing the same packet is the case that must cost nothing.
                if (grab.key() != null && !Arrays.equals(grab.key(), last)) {
                    last = grab.key();
                    packetIds.add(last);
                }
            }
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
