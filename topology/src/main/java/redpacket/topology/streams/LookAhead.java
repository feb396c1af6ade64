package redpacket.topology.streams;

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
import redpacket.topology.state.LivePackets;

/**
 * Which packets are about to be grabbed, as seen by the consumers that have just fetched the grabs.
 *
 * <p>Streams shows a processor one record at a time. After a restart each packet's first grab would wait for Redis alone; this
 * way the hundreds of packets of one fetch wait together. A hint only: what is missing here costs time, never an answer.
 */
public final class LookAhead {
    private static final String SETTING = "redpacket.look.ahead";

    /** Of one partition. More records than Streams holds back; what is older has been decided. */
    private static final int FETCHES = 4;

    private final ConcurrentMap<Integer, Fetches> fetches = new ConcurrentHashMap<>();

    /** What was fetched of one partition and not looked at; a partition's consumer and processor share a thread, but it moves. */
    static final class Fetches implements LivePackets.ComingPackets {
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

        /** Takes out everything: record keys, which are packet ids if the records are good. */
        @Override
        public void forEachPacketId(Consumer<String> look) {
            for (List<ConsumerRecord<byte[], byte[]>> grabs = next(); grabs != null; grabs = next()) {
                for (ConsumerRecord<byte[], byte[]> grab : grabs) {
                    if (grab.key() != null) {
                        look.accept(new String(grab.key(), ISO_8859_1));
                    }
                }
            }
        }

        synchronized void clear() {
            latest.clear();
        }
    }

    Fetches fetches(int partition) {
        return fetches.computeIfAbsent(partition, unseen -> new Fetches());
    }

    /** Lets the consumers tell of what they fetch. Needed once for an application, whose topology takes it out. */
    public void addTo(Properties streamsSettings) {
        streamsSettings.merge(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                Fetched.class.getName(),
                (others, fetched) -> others + "," + fetched);
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
