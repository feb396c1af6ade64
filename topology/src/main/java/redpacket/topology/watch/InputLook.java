package redpacket.topology.watch;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * What a look saw of an input partition.
 *
 * @param end the offset after the last record
 * @param stableEnd the offset of the oldest open transaction; {@code end} if there is none
 * @param committed the offset up to which the group has decided
 * @param lag records that the group has not decided. Markers of transactions among them count, but alone they do not
 * @param waiting the first record that waits for its decision. Also empty if the group has decided everything that the
 *     look before saw
 * @param standing how long the same record has been the first one
 * @param still how long {@code committed} has not changed
 */
public record InputLook(
        TopicPartition partition,
        long end,
        long stableEnd,
        long committed,
        long lag,
        Optional<First> waiting,
        Duration standing,
        Duration still) {

    /** A record, with the time that its broker gave it. */
    public record First(long offset, long timestampMillis) {}

    /** Whether an open transaction hides the record that waits. */
    public boolean isBlocked() {
        return waiting.isPresent() && waiting.get().offset() >= stableEnd;
    }

    /** How old the waiting record is; zero if none waits. */
    public Duration age(long nowMillis) {
        return waiting.map(first -> Duration.ofMillis(Math.max(0, nowMillis - first.timestampMillis())))
                .orElse(Duration.ZERO);
    }
}
