package redpacket.sink.readmodel;

import java.time.Duration;
import redpacket.events.Limits;

/**
 * How much of the past stays in Redis.
 *
 * @param packets a packet's view, from its closing on. An open packet is kept {@link Limits#MAX_OPEN_FOR_MILLIS} longer, counted from its opening,
 *     and so are users' awards, counted from their day
 * @param windows a window's counters, from their last change on
 */
public record Retention(Duration packets, Duration windows) {
    static final Duration LONGEST_OPEN = Duration.ofMillis(Limits.MAX_OPEN_FOR_MILLIS);

    /** As long as topics keep results: a rebuilt read model has neither more nor less. */
    public static final String DEFAULT_PACKETS = "45d";

    /** Enough to compare with the same day of the week before; of one-second windows that is 150 MB for each scope. */
    public static final String DEFAULT_WINDOWS = "8d";

    public static final Retention DEFAULT = new Retention(Duration.ofDays(45), Duration.ofDays(8));

    public Retention {
        if (packets.toMillis() < 1 || windows.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "to keep something, both " + packets + " and " + windows + " must be more than 0");
        }
    }

    long openPacketMillis() {
        return packets.plus(LONGEST_OPEN).toMillis();
    }

    long closedPacketMillis() {
        return packets.toMillis();
    }
}
