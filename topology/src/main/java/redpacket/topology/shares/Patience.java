package redpacket.topology.shares;

import java.time.Duration;

/**
 * How long a stream thread may still wait for Redis in its current transaction. All tasks of the thread share it, as
 * they share the transaction: grabs that wait one after the other must not take longer than Kafka keeps the transaction
 * open.
 *
 * <p>For one thread.
 */
public final class Patience {
    private final long totalNanos;
    private long spentNanos;

    /**
     * @param perTransaction in total, for all grabs
     */
    public Patience(Duration perTransaction) {
        totalNanos = perTransaction.toNanos();
    }

    /** Starts again with the whole time. The task calls this before each commit. */
    public void renew() {
        spentNanos = 0;
    }

    /** Whether so much is spent that the work so far should be committed before another grab waits. */
    public boolean isStrained() {
        return spentNanos > totalNanos / 4;
    }

    long leftNanos() {
        return Math.max(0, totalNanos - spentNanos);
    }

    void spend(long nanos) {
        spentNanos += nanos;
    }

    @Override
    public String toString() {
        return Duration.ofNanos(totalNanos).toMillis() + " ms";
    }
}
