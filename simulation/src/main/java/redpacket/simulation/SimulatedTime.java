package redpacket.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redpacket.topology.shares.Time;

/**
 * The time of a history, and what happens by itself when it passes. Waiting runs the events that come first, so it
 * costs nothing.
 */
final class SimulatedTime implements Time {
    /** Some Friday in 2026, a multiple of a day. */
    static final long START_MILLIS = TimeUnit.DAYS.toMillis(20_600);

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
    private long nowNanos;
    private long number;

    private record Event(long atNanos, long number, Runnable work) {}

    void after(long nanos, Runnable work) {
        events.add(new Event(nowNanos + nanos, number++, work));
    }

    void pass(long nanos) {
        runUntil(nowNanos + nanos);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public long currentTimeMillis() {
        return START_MILLIS + TimeUnit.NANOSECONDS.toMillis(nowNanos);
    }

    @Override
    public void park(long nanos) {
        pass(Math.max(0, nanos));
    }

    @Override
    public <T> T get(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNanos = nowNanos + Math.max(0, nanos);
        while (!future.isDone()) {
            if (events.isEmpty() || events.peek().atNanos > deadlineNanos) {
                nowNanos = Math.max(nowNanos, deadlineNanos);
                throw new TimeoutException();
            }
            runNext();
        }
        return future.get();
    }

    @Override
    public <T> T join(CompletableFuture<T> future) {
        while (!future.isDone()) {
            if (events.isEmpty()) {
                throw new IllegalStateException("Nothing will ever complete what is waited for");
            }
            runNext();
        }
        return future.join();
    }

    private void runUntil(long atNanos) {
        while (!events.isEmpty() && events.peek().atNanos <= atNanos) {
            runNext();
        }
        nowNanos = Math.max(nowNanos, atNanos);
    }

    private void runNext() {
        Event next = events.remove();
        nowNanos = Math.max(nowNanos, next.atNanos);
        next.work.run();
    }
}
