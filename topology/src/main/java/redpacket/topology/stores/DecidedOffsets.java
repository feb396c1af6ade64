package redpacket.topology.stores;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.Topic;
import redpacket.topology.stores.DecidedFormat.Decided;

/**
 * How far one partition of an input is decided. This is written in the transaction of the decisions. So no record is
 * decided again, and none is skipped, when the committed offset of the consumer group was deleted, reset, or has
 * expired.
 */
public final class DecidedOffsets {
    private static final Logger LOG = LoggerFactory.getLogger(DecidedOffsets.class);

    private final InputTopics topics;
    private final Topic topic;
    private final int partition;
    private final Bytes key;
    private final Uuid topicId;
    private long nextOffset;
    private boolean unwritten;
    private boolean told;

    /** Where the consumer group would have continued. It would have skipped undecided records before this offset. */
    private long committedOffset;

    /**
     * Reads how far the partition is decided, and writes it before each commit from now on.
     *
     * @throws OtherTopicsException if the topic was deleted and created again
     */
    public DecidedOffsets(DeferredStore winners, Topic topic, int partition, InputTopics topics) {
        this.topics = topics;
        this.topic = topic;
        this.partition = partition;
        this.key = DecidedFormat.key(topic.topicName());
        this.topicId = topics.idAtStart(topic);
        byte[] stored = winners.wrapped().get(key);
        if (stored != null) {
            Decided decided = DecidedFormat.read(stored);
            requireSame(topicId, decided);
            nextOffset = decided.nextOffset();
            committedOffset = topics.goBackTo(new TopicPartition(topic.topicName(), partition), nextOffset);
            tellDeleted();
        }
        winners.beforeCommit(() -> {
            if (unwritten) {
                winners.wrapped().put(key, DecidedFormat.value(decided()));
                unwritten = false;
            }
        });
    }

    /**
     * Whether a record has to be decided; then it counts as decided from the next commit on. Call once for each record.
     *
     * @throws OtherTopicsException if the topic was deleted and created again
     */
    public boolean decide(long offset) {
        if (offset < nextOffset) {
            skip(offset);
            return false;
        }
        if (offset < committedOffset) {
            LOG.warn(
                    "{}-{} is decided up to offset {}, but its committed offset was {}: it was set forward. Decides the"
                            + " records in between.",
                    topic,
                    partition,
                    nextOffset,
                    committedOffset);
        }
        committedOffset = 0;
        nextOffset = offset + 1;
        unwritten = true;
        return true;
    }

    long nextOffset() {
        return nextOffset;
    }

    private void skip(long offset) {
        if (told) {
            return;
        }
        requireSame(topics.idNow(topic), decided());
        LOG.warn(
                "{}-{} is read again from offset {} on, although it is decided up to offset {}: the committed offset"
                        + " was deleted, reset, or has expired. Skips up to {} records, so that none is decided twice.",
                topic,
                partition,
                offset,
                nextOffset,
                nextOffset - offset);
        told = true;
    }

    private void tellDeleted() {
        long beginning = topics.beginningAtStart(topic, partition);
        if (beginning > nextOffset) {
            LOG.warn(
                    "{}-{} begins at offset {}, but is decided up to offset {}: up to {} records were deleted before"
                            + " they were decided, and have no answer. The retention must exceed the longest downtime.",
                    topic,
                    partition,
                    beginning,
                    nextOffset,
                    beginning - nextOffset);
        }
    }

    private Decided decided() {
        return new Decided(topicId, nextOffset);
    }

    private void requireSame(Uuid found, Decided decided) {
        boolean known = !found.equals(Uuid.ZERO_UUID) && !decided.topicId().equals(Uuid.ZERO_UUID);
        if (known && !found.equals(decided.topicId())) {
            throw new OtherTopicsException(topic, found, decided);
        }
    }
}
