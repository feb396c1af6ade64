package redpacket.gateway.access;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Allows a number of requests a second, and as many at once after a pause. Thread-safe. */
public final class RateLimit {
    private final int perSecond;
    private final LongSupplier nanoTime;
    private double left;
    private long lastNanos;

    /** @param nanoTime such as {@link System#nanoTime} */
    public RateLimit(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.left = perSecond;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** Counts a request. Returns whether it is allowed. */
    synchronized boolean allows() {
        long nowNanos = nanoTime.getAsLong();
        double seconds = (nowNanos - lastNanos) / (double) TimeUnit.SECONDS.toNanos(1);
        lastNanos = nowNanos;
        left = Math.min(perSecond, left + seconds * perSecond);
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
