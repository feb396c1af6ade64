package redpacket.audit;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** One partition of a topic, what is committed of it, from its beginning up to an end that can be moved on. */
final class CommittedLog {
    private static final Duration POLL = Duration.ofMillis(500);
    /** Longer than a broker takes to restart. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final LongConsumer read;
    private final long begin;
    private long end;
    private List<ConsumerRecord<byte[], byte[]>> polled = List.of();
    private Iterator<ConsumerRecord<byte[], byte[]>> ahead = polled.iterator();

    /**
     * Takes the consumer for itself: until the log is done with, nobody else may use it.
     *
     * @param consumer one that reads committed records only
     * @param from the offset to begin at if it is still there
     * @param read told how many records were read
     */
    CommittedLog(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, LongConsumer read) {
        this.consumer = consumer;
        this.partition = partition;
        this.read = read;
        try {
            consumer.assign(List.of(partition));
            long first = consumer.beginningOffsets(List.of(partition)).get(partition);
            this.begin = Math.max(first, from);
            consumer.seek(partition, begin);
            this.end = committedEnd();
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    TopicPartition partition() {
        return partition;
    }

    String topic() {
        return partition.topic();
    }

    /** The first offset that is still there: 0 unless retention removed what was before. */
    long begin() {
        return begin;
    }

    /** Behind the last record that {@link #next} gives. */
    long end() {
        return end;
    }

    /** The next record before the end, or null. */
    ConsumerRecord<byte[], byte[]> next() {
        try {
            long deadline = System.nanoTime() + SILENCE.toNanos();
            while (!ahead.hasNext()) {
                long position = consumer.position(partition);
                if (position >= end) {
                    return null;
                }
                polled = consumer.poll(POLL).records(partition);
                ahead = polled.iterator();
                read.accept(polled.size());
                // The position also moves over the marks that transactions leave.
                if (consumer.position(partition) > position) {
                    deadline = System.nanoTime() + SILENCE.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new HistoryUnreadableException(
                            "no record of " + partition + " from offset " + position + " came in " + SILENCE);
                }
            }
            // A poll may reach beyond the end; that is no harm, since everything it gives is committed.
            return ahead.next();
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /** Moves the end to what is committed now; whether that is further than before. */
    boolean extend() {
        try {
            long now = committedEnd();
            boolean grew = now > end;
            end = Math.max(end, now);
            return grew;
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /** The time of the first record; empty when there is none. To be called before the first {@link #next}. */
    OptionalLong beginMillis() {
        ConsumerRecord<byte[], byte[]> first = next();
        ahead = polled.iterator();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.timestamp());
    }

    /** Where to go on later. */
    long position() {
        try {
            return consumer.position(partition);
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    private long committedEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
        return ends.get(partition);
    }

    private HistoryUnreadableException unreadable(KafkaException e) {
        return new HistoryUnreadableException(partition + " cannot be read: " + e.getMessage(), e);
    }
}
