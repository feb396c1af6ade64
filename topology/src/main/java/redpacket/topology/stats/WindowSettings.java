package redpacket.topology.stats;

import java.time.Duration;

/**
 * The windows of the statistics.
 *
 * @param length of each window. A new length begins new windows and leaves the old ones unchanged.
 * @param grace from the end of a window until it is closed. A later count is a correction.
 * @param retention from the closing until the window is forgotten, by the time of newer windows. It must exceed the
 *     delay of any partition of the grabs, because a count for a forgotten window would begin that window again.
 */
public record WindowSettings(Duration length, Duration grace, Duration retention) {
    public static final Duration LENGTH = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);

    /** From a grab to its place in a total: two stages that each work once a second, and a reserve. */
    private static final Duration DELAY = Duration.ofSeconds(5);

    private static final Duration RETENTION = Duration.ofDays(2);

    public WindowSettings {
        if (retention.compareTo(length.plus(grace)) <= 0) {
            throw new IllegalArgumentException("The retention of " + retention.toMillis()
                    + " ms would forget windows before they close, "
                    + length.plus(grace).toMillis()
                    + " ms after their start");
        }
    }

    /**
     * Windows of this length.
     *
     * @param packetGrace from a packet's deadline to its closing. A packet that expires at the end of a window is
     *     counted for that window after this time.
     * @throws IllegalArgumentException if the length is not {@linkplain #isPossible possible}
     */
    public static WindowSettings of(Duration length, Duration packetGrace) {
        if (!isPossible(length)) {
            throw new IllegalArgumentException("A window of " + length.toMillis() + " ms is impossible; use "
                    + SHORTEST.toMillis() + " ms to " + LONGEST.toMillis() + " ms");
        }
        Duration grace = packetGrace.plus(DELAY);
        return new WindowSettings(length, grace, RETENTION.plus(grace));
    }

    /** Whether windows can have this length: 100 ms to 1 day. */
    static boolean isPossible(Duration length) {
        return length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0;
    }

    long closesAtMillis(WindowTotal window) {
        return window.startMillis() + window.windowMillis() + grace.toMillis();
    }
}
