package redpacket.sink.readmodel;

import java.time.Duration;
import redpacket.events.Limits;

/**
 * How long Redis keeps data.
 *
 * @param packets how long the view of a packet is kept after its closing. The view of an open packet is kept
 *     {@link Limits#MAX_OPEN_FOR_MILLIS} longer, from its opening. Winners and awards are kept as long as open packets,
 *     from their last write
 * @param windows how long the counters of a window are kept after their last change
 */
public record Retention(Duration packets, Duration windows) {
    static final Duration LONGEST_OPEN = Duration.ofMillis(Limits.MAX_OPEN_FOR_MILLIS);

    /** As long as the topics keep results, so that a rebuilt read model has the same content. */
    public static final String DEFAULT_PACKETS = "45d";

    /**
     * Enough to compare a day with the same day of the previous week. One-second windows take 150 MB for each scope.
     */
    public static final String DEFAULT_WINDOWS = "8d";

    public static final Retention DEFAULT = new Retention(Duration.ofDays(45), Duration.ofDays(8));

    public Retention {
        if (packets.toMillis() < 1 || windows.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "packets are kept for " + packets + ", windows for " + windows + "; both must be at least 1 ms");
        }
    }

    long openPacketMillis() {
        return packets.plus(LONGEST_OPEN).toMillis();
    }

    long closedPacketMillis() {
        return packets.toMillis();
    }
}
