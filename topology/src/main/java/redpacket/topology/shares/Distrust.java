package redpacket.topology.shares;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The queues that Redis does not keep as they were loaded. This outlives their readers, because a load may take longer
 * than a reader waits. Each queue is trusted again after {@link #LASTS_NANOS}.
 */
final class Distrust {
    /** Failed loads after which the shares come from memory. A single load may fail because Redis was emptied. */
    private static final int LOADS_IN_VAIN = 2;

    private static final long LASTS_NANOS = Duration.ofMinutes(10).toNanos();

    /** Some 200 bytes each; of more, those with the oldest failure are trusted again. */
    private static final int QUEUES = 10_000;

    private final Map<String, Failures> queues = new LinkedHashMap<>();
    /** Spares a lookup where all is well. */
    private volatile boolean isEmpty = true;

    private record Failures(int loadsInVain, long lastNanos) {
        boolean isOver() {
            return System.nanoTime() - lastNanos > LASTS_NANOS;
        }
    }

    boolean includes(ShareQueue queue) {
        if (isEmpty) {
            return false;
        }
        synchronized (this) {
            Failures failures = queues.get(queue.name());
            return failures != null && failures.loadsInVain >= LOADS_IN_VAIN && !failures.isOver();
        }
    }

    /** Redis was given the right shares, and gave back others. */
    void add(ShareQueue queue) {
        put(queue, LOADS_IN_VAIN);
    }

    /**
     * Redis was given the right shares, and did not have them a moment later.
     *
     * @return whether this was once too often
     */
    synchronized boolean wasNotKept(ShareQueue queue) {
        Failures before = queues.get(queue.name());
        int loadsInVain = 1 + (before == null || before.isOver() ? 0 : before.loadsInVain);
        put(queue, loadsInVain);
        return loadsInVain == LOADS_IN_VAIN;
    }

    /** Redis was given the right shares, and gave them back. */
    void wasKept(ShareQueue queue) {
        if (!isEmpty) {
            synchronized (this) {
                queues.remove(queue.name());
                isEmpty = queues.isEmpty();
            }
        }
    }

    private synchronized void put(ShareQueue queue, int loadsInVain) {
        queues.remove(queue.name());
        if (queues.size() == QUEUES) {
            queues.remove(queues.keySet().iterator().next());
        }
        queues.put(queue.name(), new Failures(loadsInVain, System.nanoTime()));
        isEmpty = false;
    }
}
