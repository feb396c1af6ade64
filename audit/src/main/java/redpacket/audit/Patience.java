package redpacket.audit;

import java.time.Duration;

/**
 * How long the audit waits for results that are not there yet, counted from the last time that anything came.
 *
 * <p>One for the whole audit: a pipeline that stands still is waited for once, not once for each partition.
 */
final class Patience {
    private static final long PAUSE_MILLIS = 100;

    private final long limitMillis;
    private long waitedMillis;

    Patience(Duration limit) {
        this.limitMillis = limit.toMillis();
    }

    /** To be called when something that was waited for came. */
    void renew() {
        waitedMillis = 0;
    }

    /** Pauses for a moment; false, and no pause, once nothing came for too long. */
    boolean pause() {
        if (waitedMillis >= limitMillis) {
            return false;
        }
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HistoryUnreadableException("interrupted while waiting for results", e);
        }
        waitedMillis += PAUSE_MILLIS;
        return true;
    }
}
