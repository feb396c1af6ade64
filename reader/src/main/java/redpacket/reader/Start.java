package redpacket.reader;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** The position at which a {@link CommittedReader} begins. */
public final class Start {
    /** The first record that the topic still has. */
    public static final Start BEGINNING = new Start(Consumer::beginningOffsets);

    /** The end of the topic. */
    public static final Start NOW = new Start(Consumer::endOffsets);

    private final Offsets offsets;

    private Start(Offsets offsets) {
        this.offsets = offsets;
    }

    private interface Offsets {
        Map<TopicPartition, Long> of(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);
    }

    /** This many records before the end of each partition, or its beginning. Markers of transactions count too. */
    public static Start last(long records) {
        return new Start((consumer, partitions) -> {
            Map<TopicPartition, Long> offsets = consumer.beginningOffsets(partitions);
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> offsets.merge(partition, end - records, Math::max));
            return offsets;
        });
    }

    /** The first record of each partition with this time or a later one. */
    public static Start since(Instant time) {
        return new Start((consumer, partitions) -> {
            // The end, for partitions without such a record.
            Map<TopicPartition, Long> offsets = consumer.endOffsets(partitions);
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                    partitions.stream().collect(toMap(Function.identity(), partition -> time.toEpochMilli())));
            found.forEach((partition, first) -> {
                if (first != null) {
                    offsets.put(partition, first.offset());
                }
            });
            return offsets;
        });
    }

    /** An offset in each partition, the same for all topics. Without such a record, the first that the topic has. */
    public static Start at(IntToLongFunction offsetOfPartition) {
        return new Start((consumer, partitions) -> partitions.stream()
                .collect(
                        toMap(Function.identity(), partition -> offsetOfPartition.applyAsLong(partition.partition()))));
    }

    Map<TopicPartition, Long> offsets(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        return offsets.of(consumer, partitions);
    }
}
