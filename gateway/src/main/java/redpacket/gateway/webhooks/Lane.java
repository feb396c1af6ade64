package redpacket.gateway.webhooks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one partition, in order, until the receiver has them. One request at a time is under way, and is sent
 * again until it succeeds. Meanwhile the next events gather, and go together in the next request. Thread-safe.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String name;
    private final Receiver receiver;
    private final int mostEvents;
    private final ScheduledExecutorService timer;
    private final Predicate<WebhookEvent> isDue;

    /** Guarded by this, like the fields below. */
    private final Deque<WebhookEvent> waiting = new ArrayDeque<>();

    /** All records before this offset are delivered, skipped, or waiting. */
    private long reached;

    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    private boolean isBusy;
    private boolean closed;
    private int failures;
    private String trouble;

    /**
     * @param start the offset of the first record
     * @param mostEvents of a request
     * @param isDue whether an event may be delivered now; if not, the events after it wait too
     */
    Lane(
            String name,
            long start,
            Receiver receiver,
            int mostEvents,
            ScheduledExecutorService timer,
            Predicate<WebhookEvent> isDue) {
        this.name = name;
        this.reached = start;
        this.receiver = receiver;
        this.mostEvents = mostEvents;
        this.timer = timer;
        this.isDue = isDue;
    }

    /** Adds the events of records that were read. {@code next} is the offset after the last record. */
    synchronized void add(List<WebhookEvent> events, long next) {
        waiting.addAll(events);
        reached = next;
    }

    /** The position: all records before this offset need no delivery any more. */
    synchronized long done() {
        return waiting.isEmpty() ? reached : waiting.getFirst().offset();
    }

    synchronized int size() {
        return waiting.size();
    }

    /** Empty if no event waits. */
    synchronized Optional<Long> oldestMillis() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(waiting.getFirst().timestampMillis());
    }

    /** Why the last request failed. Empty if none did since the last success. */
    synchronized Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Sends the next events that are due, unless a request is under way. */
    synchronized void deliver() {
        if (isBusy || closed) {
            return;
        }
        List<WebhookEvent> batch = new ArrayList<>();
        for (WebhookEvent event : waiting) {
            if (batch.size() == mostEvents || !isDue.test(event)) {
                break;
            }
            batch.add(event);
        }
        if (!batch.isEmpty()) {
            isBusy = true;
            attempt(batch);
        }
    }

    private synchronized void attempt(List<WebhookEvent> batch) {
        if (!closed) {
            underWay = receiver.send(batch)
                    .handle((none, failure) -> failure)
                    .thenAccept(failure -> ended(batch, failure));
        }
    }

    private void ended(List<WebhookEvent> batch, Throwable failure) {
        if (failure == null) {
            succeeded(batch);
            deliver();
        } else {
            failed(batch, failure instanceof CompletionException ? failure.getCause() : failure);
        }
    }

    private synchronized void succeeded(List<WebhookEvent> batch) {
        if (trouble != null) {
            LOG.info("{} takes the events of {} again, after {} attempts", receiver, name, failures);
        }
        failures = 0;
        trouble = null;
        for (int i = 0; i < batch.size(); i++) {
            waiting.removeFirst();
        }
        isBusy = false;
    }

    private synchronized void failed(List<WebhookEvent> batch, Throwable failure) {
        boolean isNew = trouble == null;
        trouble = failure instanceof TimeoutException
                ? "no answer within " + receiver.timeout().toMillis() + " ms"
                : String.valueOf(failure.getMessage() == null ? failure : failure.getMessage());
        if (isNew) {
            LOG.warn(
                    "{} does not take {} events from {} on: {}. They are sent again until it does",
                    receiver,
                    batch.size(),
                    batch.get(0).id(),
                    trouble);
        }
        long mostMillis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
        failures++;
        // Lanes that failed together do not come back together.
        long millis = ThreadLocalRandom.current().nextLong(mostMillis / 2, mostMillis + 1);
        if (!closed) {
            var unused = timer.schedule(() -> attempt(batch), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Sends nothing any more. Returns what completes when no request is under way. */
    synchronized CompletableFuture<Void> close() {
        closed = true;
        return underWay;
    }
}
