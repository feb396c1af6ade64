package redpacket.reader;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Where in a topic a {@link CommittedReader} begins. */
public final class Start {
    /** With all that the topic still holds. */
    public static final Start BEGINNING = new Start(Consumer::beginningOffsets);

    /** With what comes. */
    public static final Start NOW = new Start(Consumer::endOffsets);

    private final Offsets offsets;

    private Start(Offsets offsets) {
        this.offsets = offsets;
    }

    private interface Offsets {
        Map<TopicPartition, Long> of(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);
    }

    /** With about so many of the latest records of each partition, if there are as many. */
    public static Start last(long records) {
        return new Start((consumer, partitions) -> {
            Map<TopicPartition, Long> offsets = consumer.beginningOffsets(partitions);
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> offsets.merge(partition, end - records, Math::max));
            return offsets;
        });
    }

    /** With the first record of each partition that is as young. */
    public static Start since(Instant time) {
        return new Start((consumer, partitions) -> {
            // To begin at the end where there is none.
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

    Map<TopicPartition, Long> offsets(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        return offsets.of(consumer, partitions);
    }
}
