package redpacket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Runs one history after the other on each processor, until one fails or enough have run. */
final class Histories {
    private final long firstSeed;
    private final long most;
    private final long endNanos;
    private final AtomicLong next = new AtomicLong();
    private final Totals totals = new Totals();
    private volatile Failure failure;

    /**
     * The failed history with the lowest seed.
     *
     * @param number of the history, from 1
     * @param faults in all histories that ran until then
     */
    record Failure(long seed, long number, long faults, Violation violation) {}

    /** What all histories came to. */
    static final class Totals {
        private final Map<String, Long> counts = new TreeMap<>();
        private long histories;
        private long faults;
        private long answers;

        private synchronized void add(Simulation.Outcome outcome) {
            histories++;
            faults += outcome.faults();
            answers += outcome.answers();
            outcome.counts().forEach((what, count) -> counts.merge(what, (long) count, Long::sum));
        }

        /** How often each kind of fault struck. */
        synchronized Map<String, Long> counts() {
            return new TreeMap<>(counts);
        }

        synchronized long histories() {
            return histories;
        }

        synchronized long faults() {
            return faults;
        }

        synchronized long answers() {
            return answers;
        }
    }

    /**
     * @param most how many histories run at most
     * @param endNanos no history begins later than this, as {@link System#nanoTime}
     */
    Histories(long firstSeed, long most, long endNanos) {
        this.firstSeed = firstSeed;
        this.most = most;
        this.endNanos = endNanos;
    }

    /** Runs the histories. Returns null if none failed. */
    Failure run() {
        int processors = Runtime.getRuntime().availableProcessors();
        ExecutorService workers = Executors.newFixedThreadPool(processors);
        try {
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < processors; i++) {
                working.add(workers.submit(this::work));
            }
            for (Future<?> each : working) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while histories run", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A history has ended the simulator", e.getCause());
        } finally {
            workers.shutdownNow();
        }
        return failure;
    }

    Totals totals() {
        return totals;
    }

    private void work() {
        while (failure == null && System.nanoTime() < endNanos) {
            long index = next.getAndIncrement();
            if (index >= most) {
                return;
            }
            Simulation.Outcome outcome = Simulation.run(Plan.of(firstSeed + index));
            totals.add(outcome);
            if (outcome.violation() != null) {
                fail(index, outcome.violation());
            }
        }
    }

    private synchronized void fail(long index, Violation violation) {
        if (failure == null || index < failure.number - 1) {
            failure = new Failure(firstSeed + index, index + 1, totals.faults(), violation);
        }
    }
}
