package redpacket.topology.stats;

import java.time.Duration;

/**
 * The windows of the statistics.
 *
 * @param length of each; another length than before begins new windows and leaves the old ones as they are
 * @param grace from the end of a window until it is called closed: what is counted for it later is a correction
 * @param retention from then on, by the time of newer windows, until a window is forgotten: more than one partition of the
 *     grabs is ever behind another, as a late count would begin a forgotten window anew
 */
public record WindowSettings(Duration length, Duration grace, Duration retention) {
    public static final Duration LENGTH = Duration.ofSeconds(1);
    public static final Duration SHORTEST = Duration.ofMillis(100);
    public static final Duration LONGEST = Duration.ofDays(1);

    /** Until a grab is decided, counted, sent on and added up: two stages that each look once a second, and some spare. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

    private static final Duration RETENTION = Duration.ofDays(2);

    /** None of any length: nothing is counted. Only to measure what counting costs. */
    public static final WindowSettings NONE = new WindowSettings(Duration.ZERO, Duration.ZERO, RETENTION);

    public WindowSettings {
        if (retention.compareTo(length.plus(grace)) <= 0) {
            throw new IllegalArgumentException("windows would be forgotten before they are closed");
        }
    }

    /** A packet that expires at the end of a window is closed, and counted for it, a grace period later. */
    public static WindowSettings of(Duration length, Duration packetGrace) {
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a window of " + length.toMillis() + " ms; from " + SHORTEST.toMillis()
                    + " ms to " + LONGEST.toMillis() + " ms is possible");
        }
        Duration grace = packetGrace.plus(ON_THE_WAY);
        return new WindowSettings(length, grace, RETENTION.plus(grace));
    }

    long closesAtMillis(WindowTotal window) {
        return window.startMillis() + window.windowMillis() + grace.toMillis();
    }
}
