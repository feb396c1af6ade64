package redpacket.topology.streams;

import io.lettuce.core.RedisException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.internals.FailedProcessingException;
import redpacket.clients.Causes;
import redpacket.topology.shares.SharesUnavailableException;

/**
 * The records at which the pipeline itself failed. A stream thread that fails is replaced, and this tells its successor
 * where. So a record at which the pipeline fails again becomes a dead letter, and does not stop its partition.
 *
 * <p>An outage is no failure of the record. Only failures count that would happen again on a quiet day.
 */
final class FailedRecords {
    /** A failure that does not come back, such as a race, gets a second chance. */
    private static final int MOST_ATTEMPTS = 2;

    private final ConcurrentMap<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();

    /** A failure that comes from a record, but not from the one that is being processed. */
    static final class UnrelatedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnrelatedException(RuntimeException cause) {
            super(cause);
        }
    }

    /** How often the same work has failed, and why the last time. */
    record Failure(int attempts, String reason) {
        /** Counts a failure of some work, unless an outage is to blame. */
        static <K> void count(ConcurrentMap<K, Failure> failures, K work, Throwable failure) {
            if (wouldComeBack(failure)) {
                String reason = reasonOf(failure);
                failures.merge(work, new Failure(1, reason), (before, now) -> new Failure(before.attempts + 1, reason));
            }
        }

        /** Why the work must not be tried again; null if it may. */
        static String reasonToGiveUp(Failure failureOrNull) {
            return failureOrNull == null || failureOrNull.attempts < MOST_ATTEMPTS ? null : failureOrNull.reason;
        }
    }

    /** The failures in one input partition. Only the stream thread that processes the partition changes them. */
    static final class Partition {
        private final ConcurrentNavigableMap<Long, Failure> failures = new ConcurrentSkipListMap<>();

        /** Whether there is any failure; read for each record. */
        private volatile boolean any;

        /** Takes note that the processing of a record failed. The caller must throw the failure on. */
        void add(long offset, Throwable failure) {
            Failure.count(failures, offset, failure);
            any = !failures.isEmpty();
        }

        /** Why a record must be put away; null if it must be processed. */
        String reasonToPutAway(long offset) {
            return any ? Failure.reasonToGiveUp(failures.get(offset)) : null;
        }

        /** Forgets the records before an offset, because their outcome is committed. */
        void committedBefore(long offset) {
            failures.headMap(offset).clear();
            any = !failures.isEmpty();
        }
    }

    Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, none -> new Partition());
    }

    /** Whether the same work would fail again, although Kafka, Redis and the machine are well. */
    private static boolean wouldComeBack(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if ((cause instanceof KafkaException && !isWrapper(cause))
                    || cause instanceof RedisException
                    || cause instanceof SharesUnavailableException
                    || cause instanceof UnrelatedException
                    || cause instanceof OutOfMemoryError) {
                return false;
            }
        }
        return true;
    }

    /** Streams wraps what a processor threw into exceptions of its own. */
    private static boolean isWrapper(Throwable failure) {
        return failure.getCause() != null
                && (failure.getClass() == StreamsException.class || failure instanceof FailedProcessingException);
    }

    private static String reasonOf(Throwable failure) {
        Throwable bottom = Causes.root(failure);
        return bottom.getMessage() == null
                ? bottom.getClass().getName()
                : bottom.getClass().getName() + ": " + bottom.getMessage();
    }
}
