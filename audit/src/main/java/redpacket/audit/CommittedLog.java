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

/** The committed records of one partition, from its beginning to an end that can be extended. */
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
     * Uses the consumer exclusively until the log is no longer read.
     *
     * @param consumer one that reads committed records only
     * @param from the first offset to read if it still exists
     * @param read receives the number of records read
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

    /** The first available offset: 0 unless retention removed earlier records. */
    long begin() {
        return begin;
    }

    /** The offset after the last record that {@link #next} returns. */
    long end() {
        return end;
    }

    /** Returns the next record before the end, or null. */
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
                // The position also passes the markers of transactions.
                if (consumer.position(partition) > position) {
                    deadline = System.nanoTime() + SILENCE.toNanos();
                } else if (System.nanoTime() > deadline) {
                    throw new HistoryUnreadableException(
                            "no record of " + partition + " from offset " + position + " came in " + SILENCE);
                }
            }
            // A poll may return records beyond the end. That is safe, since all of them are committed.
            return ahead.next();
        } catch (KafkaException e) {
            throw unreadable(e);
        }
    }

    /** Moves the end to the last committed record. Returns whether the end moved. */
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

    /** The time of the first record; empty when there is none. Call it before the first {@link #next}. */
    OptionalLong beginMillis() {
        ConsumerRecord<byte[], byte[]> first = next();
        ahead = polled.iterator();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.timestamp());
    }

    /** The offset at which to continue later. */
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
