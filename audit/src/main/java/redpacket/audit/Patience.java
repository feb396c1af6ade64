package redpacket.audit;

import java.time.Duration;

/**
 * How long the audit waits for missing results, counted from the last progress.
 *
 * <p>There is one for the whole audit. A stalled pipeline is waited for once, not once per partition.
 */
final class Patience {
    private static final long PAUSE_MILLIS = 100;

    private final long limitMillis;
    private long waitedMillis;

    Patience(Duration limit) {
        this.limitMillis = limit.toMillis();
    }

    /** Call it when progress was made. */
    void renew() {
        waitedMillis = 0;
    }

    /** Pauses for a moment. Returns false without a pause when the patience is used up. */
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
