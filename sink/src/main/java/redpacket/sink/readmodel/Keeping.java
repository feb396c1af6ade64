package redpacket.sink.readmodel;

import java.time.Duration;

/**
 * How much of the past stays in Redis.
 *
 * @param packets a packet's view from its closing on, and a user's awards from the last one's packet's closing at the latest.
 *     An open packet is kept {@link #LONGEST_OPEN} longer, counted from its opening
 * @param windows a window's counters, from their last change on
 * @param awardsPerUser the newest are kept
 */
public record Keeping(Duration packets, Duration windows, int awardsPerUser) {
    /** No packet is open for longer. */
    static final Duration LONGEST_OPEN = Duration.ofDays(31);

    /** As long as topics keep results: a rebuilt read model has neither more nor less. */
    public static final String DEFAULT_PACKETS = "45d";

    /** Enough to compare with the same day of the week before; of one-second windows that is 150 MB for each scope. */
    public static final String DEFAULT_WINDOWS = "8d";

    /** More than anyone scrolls through, little enough (100 kB) for a user who is a robot. */
    public static final int DEFAULT_AWARDS_PER_USER = 1_000;

    public static final Keeping DEFAULT = new Keeping(Duration.ofDays(45), Duration.ofDays(8), DEFAULT_AWARDS_PER_USER);

    public Keeping {
        if (packets.toMillis() < 1 || windows.toMillis() < 1 || awardsPerUser < 1) {
            throw new IllegalArgumentException("to keep something, each of " + packets + ", " + windows + " and "
                    + awardsPerUser + " must be more than 0");
        }
    }

    long openPacketMillis() {
        return packets.plus(LONGEST_OPEN).toMillis();
    }

    long closedPacketMillis() {
        return packets.toMillis();
    }
}
