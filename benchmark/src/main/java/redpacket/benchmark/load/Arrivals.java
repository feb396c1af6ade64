package redpacket.benchmark.load;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import redpacket.events.Grab;

/**
 * Grabs at a fixed rate, whether or not earlier ones were answered: a slow contestant does not get less work. Each grab
 * is timed from its due time, so that waiting in the sender's queue counts too.
 */
public final class Arrivals {
    /** Minimum sleep of the sender, because each wake-up costs CPU. A grab is sent at most this late. */
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final long HALF_A_MILLISECOND = TimeUnit.MICROSECONDS.toNanos(500);

    private static final int DIGITS = 3;

    private final int perSecond;
    private final int settling;
    private final long startNanos;

    /** From {@link System#nanoTime} to the clock of the machine. */
    private final long toClockNanos;

    /** Written by the sender, before the grab is sent. */
    private volatile AtomicLongArray sentNanos = new AtomicLongArray(0);

    private final Histogram waits = new Histogram(DIGITS);
    private final Histogram lateness = new Histogram(DIGITS);

    /** GC time before the first grab that counts. */
    private volatile long gcMillisBefore;

    /**
     * The first grab is due now.
     *
     * @param settling number of grabs at the beginning that do not count
     */
    public static Arrivals at(int perSecond, int settling) {
        return new Arrivals(perSecond, settling, System.nanoTime());
    }

    Arrivals(int perSecond, int settling, long startNanos) {
        this.perSecond = perSecond;
        this.settling = settling;
        this.startNanos = startNanos;
        Instant now = Instant.now();
        this.toClockNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
        this.gcMillisBefore = collectingMillis();
    }

    /** The due time of a grab, as {@link System#nanoTime}. */
    public long nanosOf(int grab) {
        return startNanos + grab * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Sends each grab at its due time, in a new thread. */
    public void startSending(Workload workload, Consumer<Grab> send) {
        Thread sender = new Thread(() -> send(workload, send), "grabs");
        sender.setDaemon(true);
        sender.start();
    }

    /** Records that a grab's answer became readable. For one thread only. */
    public void answered(int grab, long atNanos) {
        if (counts(grab)) {
            waits.recordValue(micros(atNanos - nanosOf(grab)));
        }
    }

    /** False if the grab is one of those at the beginning that do not count. */
    public boolean counts(int grab) {
        return grab >= settling;
    }

    /** When a grab was sent, as {@link System#nanoTime}. */
    public long sentNanos(int grab) {
        return sentNanos.get(grab);
    }

    /** A time of the machine's clock as {@link System#nanoTime}. On average the time is half a millisecond later. */
    public long nanosOfClock(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis) + HALF_A_MILLISECOND - toClockNanos;
    }

    /** Microseconds from the due time of a grab until its committed answer can be read. */
    public Histogram waits() {
        return waits;
    }

    /** Microseconds from the due time of a grab until it is sent. Part of its wait. Read it at the end. */
    public Histogram lateness() {
        return lateness;
    }

    /** Time for which the garbage collector stopped the shared JVM, since the first grab that counts. */
    public long gcMillis() {
        return collectingMillis() - gcMillisBefore;
    }

    /** Sends each grab at its due time, in this thread. */
    public void send(Workload workload, Consumer<Grab> send) {
        sentNanos = new AtomicLongArray(workload.grabs());
        Iterator<Grab> grabs = workload.grabStream().iterator();
        for (int i = 0; grabs.hasNext(); i++) {
            while (System.nanoTime() < nanosOf(i)) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            if (i == settling) {
                gcMillisBefore = collectingMillis();
            }
            long nowNanos = System.nanoTime();
            sentNanos.set(i, nowNanos);
            if (counts(i)) {
                lateness.recordValue(micros(nowNanos - nanosOf(i)));
            }
            send.accept(grabs.next());
        }
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static long collectingMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                // Newer JVMs also report work that does not stop the threads.
                .filter(collector -> !collector.getName().contains("Concurrent"))
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
