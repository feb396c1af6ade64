package redpacket.topology.inputs;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Tells a processor that its stream thread has processed everything that could be fetched, which is the moment to
 * commit. A grab that comes alone then commits at once, and the grabs that come during a commit are the next batch.
 * Without this, an answer waits for the commit interval of Streams.
 *
 * <p>A poll drains no input if it returns as many records as it may, or if it leaves records behind in a partition. A
 * fetch has a limit of bytes, so a pipeline with a backlog leaves some behind in each poll. Committing after each poll
 * would cost it about 40 % of its throughput.
 */
public final class DrainedInputs {
    private static final String SETTING = "redpacket.drained.inputs";

    private final ConcurrentMap<TopicPartition, Input> inputs = new ConcurrentHashMap<>();
    private final Duration leastDistance;

    /** Commits as often as possible. */
    public DrainedInputs() {
        this(Duration.ZERO);
    }

    /**
     * Commits less often.
     *
     * @param leastDistance time between two polls of a consumer that each drain its inputs, and hence between two of
     *     its commits. A poll that comes earlier waits, so the records of this time share a commit
     */
    public DrainedInputs(Duration leastDistance) {
        this.leastDistance = leastDistance;
    }

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

    /**
     * Hands this to the consumers of a topology, which must be {@link FollowedConsumer}s. Call once per application.
     */
    public void addTo(Properties streamsSettings) {
        streamsSettings.put(StreamsConfig.mainConsumerPrefix(SETTING), this);
    }

    /** What a consumer with these settings reports to; empty if {@link #addTo} was not called. */
    static Optional<DrainedInputs> of(Map<String, Object> consumerSettings) {
        return Optional.ofNullable((DrainedInputs) consumerSettings.get(SETTING));
    }

    /**
     * For one consumer.
     *
     * @param fullPoll the most records that a poll returns
     */
    public Polls polls(int fullPoll) {
        return new Polls(fullPoll);
    }

    /** The polls of one consumer. */
    public final class Polls {
        private final Set<Input> unprocessed = ConcurrentHashMap.newKeySet();
        private final int fullPoll;

        /** When the latest poll that drained the inputs returned. */
        private long drainedNanos = System.nanoTime() - leastDistance.toNanos();

        private Polls(int fullPoll) {
            this.fullPoll = fullPoll;
        }

        /**
         * Call after each poll.
         *
         * @param lag of a partition: how many of its records the poll left behind; empty if that is not known
         */
        public void returned(ConsumerRecords<byte[], byte[]> records, Function<TopicPartition, OptionalLong> lag) {
            if (records.count() >= fullPoll || leftRecordsBehind(records, lag)) {
                new HashSet<>(unprocessed).forEach(Input::leave);
                return;
            }
            if (!records.isEmpty()) {
                drainedNanos = System.nanoTime();
            }
            for (TopicPartition from : records.partitions()) {
                // No processor asks about other topics, and none of their records waits for a commit.
                Input input = inputs.get(from);
                if (input != null) {
                    List<ConsumerRecord<byte[], byte[]>> fetched = records.records(from);
                    unprocessed.add(input);
                    input.unprocessed = unprocessed;
                    input.last = fetched.get(fetched.size() - 1).offset();
                }
            }
        }

        /** Call before each poll. Sleeps until the next commit may begin, if all fetched records are processed. */
        void keepDistance() {
            long until = drainedNanos + leastDistance.toNanos();
            while (unprocessed.isEmpty()
                    && until - System.nanoTime() > 0
                    && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }

        private boolean leftRecordsBehind(
                ConsumerRecords<byte[], byte[]> records, Function<TopicPartition, OptionalLong> lag) {
            for (TopicPartition from : records.partitions()) {
                if (inputs.containsKey(from) && lag.apply(from).orElse(0) > 0) {
                    return true;
                }
            }
            return false;
        }
    }
}
