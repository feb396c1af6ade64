package redpacket.topology.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Sends what a task writes to the partition that it reads: an answer stands in the partition of its question, whatever
 * partitioner the backend's client used.
 *
 * <p>A partitioner is not told which task forwards, but it is called on that task's stream thread.
 */
final class OwnPartition<V> implements StreamPartitioner<byte[], V> {
    private static final ThreadLocal<Optional<Set<Integer>>> CURRENT = new ThreadLocal<>();

    /** A value for {@link #enter}, made once for each task. */
    static Optional<Set<Integer>> of(int partition) {
        return Optional.of(Set.of(partition));
    }

    /** To be called before a task forwards. */
    static void enter(Optional<Set<Integer>> partition) {
        CURRENT.set(partition);
    }

    @Override
    public Optional<Set<Integer>> partitions(String topic, byte[] key, V value, int numPartitions) {
        return CURRENT.get();
    }
}
