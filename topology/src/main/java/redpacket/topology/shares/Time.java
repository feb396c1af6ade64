package redpacket.topology.shares;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The clocks, and how a thread waits. A simulation has an implementation of its own, in which time costs nothing. */
public interface Time {
    Time SYSTEM = new Time() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public long currentTimeMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void park(long nanos) {
            LockSupport.parkNanos(nanos);
        }

        @Override
        public <T> T get(CompletableFuture<T> future, long nanos)
                throws InterruptedException, ExecutionException, TimeoutException {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public <T> T join(CompletableFuture<T> future) {
            return future.join();
        }
    };

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** As {@link System#currentTimeMillis}. */
    long currentTimeMillis();

    /** Waits for about this long; returns at once if the thread is interrupted. The interrupt status stays set. */
    void park(long nanos);

    /** As {@link CompletableFuture#get(long, TimeUnit)}. */
    <T> T get(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** As {@link CompletableFuture#join}. */
    <T> T join(CompletableFuture<T> future);
}
