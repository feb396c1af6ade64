package redpacket.topology.streams;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Tells a processor when its stream thread has processed all that there was to fetch, which is the moment to commit: a grab
 * that comes alone is committed at once, and grabs that come during a commit are the next batch. Without this an answer waits for
 * Streams' commit interval.
 *
 * <p>A poll that brought as many records as it may leaves more behind, so nothing is drained by it. To commit after such a poll
 * too would cost some 40 % of the throughput of a pipeline that is behind.
 */
public final class DrainedInputs {
    private static final String SETTING = "redpacket.drained.inputs";

    private final ConcurrentMap<TopicPartition, Input> inputs = new ConcurrentHashMap<>();

    /** One partition of an input topic. Its consumer and its processor share a thread, but both move between threads. */
    public static final class Input {
        private static final long NONE = Long.MAX_VALUE;

        /** Offset of the last record of a poll that was not full. */
        private volatile long last = NONE;

        /** Inputs of which the same consumer fetched records that are not processed yet. */
        private volatile Set<Input> unprocessed = ConcurrentHashMap.newKeySet();

        /** Call after each record: true if it was the last that its stream thread had to process. */
        public boolean isDrainedBy(long offset) {
            return offset >= last && leave();
        }

        /** Call when the processor closes: the thread's other inputs wait for this one no more. */
        public boolean leave() {
            last = NONE;
            return unprocessed.remove(this) && unprocessed.isEmpty();
        }
    }

    public Input input(TopicPartition partition) {
        return inputs.computeIfAbsent(partition, unseen -> new Input());
    }

    /** Registers the consumer interceptor; call once per application. */
    public void addTo(Properties streamsSettings) {
        streamsSettings.merge(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                Polls.class.getName(),
                (others, polls) -> others + "," + polls);
        streamsSettings.put(StreamsConfig.mainConsumerPrefix(SETTING), this);
    }

    /** Sees what each poll of a consumer brought; made by Kafka. */
    public static final class Polls implements ConsumerInterceptor<byte[], byte[]> {
        private final Set<Input> unprocessed = ConcurrentHashMap.newKeySet();
        private DrainedInputs drained;
        private int fullPoll;

        @Override
        public void configure(Map<String, ?> settings) {
            drained = (DrainedInputs) settings.get(SETTING);
            fullPoll = Integer.parseInt(
                    settings.get(ConsumerConfig.MAX_POLL_RECORDS_CONFIG).toString());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            if (records.count() >= fullPoll) {
                new HashSet<>(unprocessed).forEach(Input::leave);
                return records;
            }
            for (TopicPartition from : records.partitions()) {
                // Of other topics nobody asks, and none of their records waits for a commit.
                Input input = drained.inputs.get(from);
                if (input != null) {
                    List<ConsumerRecord<byte[], byte[]>> fetched = records.records(from);
                    unprocessed.add(input);
                    input.unprocessed = unprocessed;
                    input.last = fetched.get(fetched.size() - 1).offset();
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
