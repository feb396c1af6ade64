package redpacket.topology.state;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for live packets, which all tasks of an instance share. A task that uses more than an equal share of it
 * evicts packets once all tasks together use more than there is. So a busy task may use what idle ones leave.
 */
public final class LiveMemory {
    /** In percent of the heap. The Kafka clients and the garbage collector need the rest. */
    public static final int DEFAULT_PERCENT = 33;

    public static final int MOST_PERCENT = 75;

    private final long bytes;
    private final AtomicLong used = new AtomicLong();
    private final AtomicInteger tasks = new AtomicInteger();

    public LiveMemory(long bytes) {
        this.bytes = bytes;
    }

    /**
     * A part of the heap.
     *
     * @param percent from 1 to {@link #MOST_PERCENT}
     */
    public static LiveMemory ofHeap(int percent) {
        return new LiveMemory(Runtime.getRuntime().maxMemory() / 100 * percent);
    }

    /** All that tasks use, in bytes. */
    public long used() {
        return used.get();
    }

    /** The part of a new task. */
    Part part() {
        tasks.incrementAndGet();
        return new Part();
    }

    /** What one task uses. For one thread. */
    final class Part {
        private long weight;
        private boolean closed;

        /** Sets what the task uses. */
        void set(long newWeight) {
            if (newWeight != weight && !closed) {
                used.addAndGet(newWeight - weight);
                weight = newWeight;
            }
        }

        /** Whether the task must evict packets. */
        boolean isExceeded() {
            return used.get() > bytes && weight > share();
        }

        /** An equal share of the memory, in bytes. */
        long share() {
            return bytes / Math.max(1, tasks.get());
        }

        /** The task uses nothing any more. */
        void close() {
            if (!closed) {
                set(0);
                closed = true;
                tasks.decrementAndGet();
            }
        }
    }
}
