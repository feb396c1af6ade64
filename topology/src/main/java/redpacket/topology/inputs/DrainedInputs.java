package redpacket.topology.inputs;

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
 * Tells a processor that its stream thread has processed everything that could be fetched, which is the moment to
 * commit. A grab that comes alone then commits at once, and the grabs that come during a commit are the next batch.
 * Without this, an answer waits for the commit interval of Streams.
 *
 * <p>A poll that returns as many records as it may has left records behind, so it drains no input. Committing after
 * each such poll would cost a pipeline with a backlog about 40 % of its throughput.
 */
public final class DrainedInputs {
    private static final String SETTING = "redpacket.drained.inputs";

    private final ConcurrentMap<TopicPartition, Input> inputs = new ConcurrentHashMap<>();

    /**
     * One partition of an input topic. Its consumer and its processor share a thread, but both may move to another one.
     */
    public static final class Input {
        private static final long NONE = Long.MAX_VALUE;

        /** The offset of the last record of the latest poll, if that was not full. */
        private volatile long last = NONE;

        /** The inputs of the same consumer with fetched records that are not processed. */
        private volatile Set<Input> unprocessed = ConcurrentHashMap.newKeySet();

        /** Whether a record was the last one that its stream thread had to process. Call after each record. */
        public boolean isDrainedBy(long offset) {
            return offset >= last && leave();
        }

        /** Lets the other inputs of the thread no longer wait for this one. Call when the processor closes. */
        public boolean leave() {
            last = NONE;
            return unprocessed.remove(this) && unprocessed.isEmpty();
        }
    }

    public Input input(TopicPartition partition) {
        return inputs.computeIfAbsent(partition, unseen -> new Input());
    }

    /** Registers the consumer interceptor. Call once per application. */
    public void addTo(Properties streamsSettings) {
        streamsSettings.merge(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                Polls.class.getName(),
                (others, polls) -> others + "," + polls);
        streamsSettings.put(StreamsConfig.mainConsumerPrefix(SETTING), this);
    }

    /** Gets the records of each poll of a consumer. Kafka creates it. */
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
                // No processor asks about other topics, and none of their records waits for a commit.
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
