package redpacket.benchmark;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import redpacket.events.Grab;
import redpacket.producer.PacketProducer;

/**
 * Grabs that come at a fixed rate, whether or not the earlier ones are answered: who is slow does not get less to do. Each is
 * timed from when it was to come, so that waiting behind others counts too, in the sender as well.
 */
final class Arrivals {
    /** The sender sleeps no shorter, since waking up costs the machine that is measured; so late, at most, a grab is sent. */
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final int DIGITS = 3;

    private final int perSecond;
    private final int settling;
    private final long startNanos;
    private final Histogram waits = new Histogram(DIGITS);
    private final Histogram lateness = new Histogram(DIGITS);
    /** Before the first grab that counts. */
    private volatile long gcMillisBefore;

    /**
     * The first grab comes now.
     *
     * @param settling so many at the beginning do not count
     */
    static Arrivals at(int perSecond, int settling) {
        return new Arrivals(perSecond, settling, System.nanoTime());
    }

    Arrivals(int perSecond, int settling, long startNanos) {
        this.perSecond = perSecond;
        this.settling = settling;
        this.startNanos = startNanos;
        this.gcMillisBefore = collectingMillis();
    }

    /** When a grab was to come, in the time of {@link System#nanoTime}. */
    long nanosOf(int grab) {
        return startNanos + grab * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Sends each grab when it is its turn, on a thread of its own. */
    void startSending(Workload workload, PacketProducer producer) {
        Thread sender = new Thread(() -> send(workload, producer), "grabs");
        sender.setDaemon(true);
        sender.start();
    }

    /** A grab's answer could be read; only for one thread. */
    void answered(int grab, long atNanos) {
        if (grab >= settling) {
            waits.recordValue(micros(atNanos - nanosOf(grab)));
        }
    }

    /** Microseconds from when a grab was to be sent until its answer could be read, committed. */
    Histogram waits() {
        return waits;
    }

    /** Microseconds from when a grab was to be sent until it was: a part of its wait, and no contestant's fault. Read it at the end. */
    Histogram lateness() {
        return lateness;
    }

    /** For which the JVM, which all share, stood still for its collector since the first grab that counts. */
    long gcMillis() {
        return collectingMillis() - gcMillisBefore;
    }

    private void send(Workload workload, PacketProducer producer) {
        Iterator<Grab> grabs = workload.grabStream().iterator();
        for (int i = 0; grabs.hasNext(); i++) {
            while (System.nanoTime() < nanosOf(i)) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            if (i == settling) {
                gcMillisBefore = collectingMillis();
            }
            if (i >= settling) {
                lateness.recordValue(micros(System.nanoTime() - nanosOf(i)));
            }
            // Should one be lost, its answer is missed.
            var unused = producer.grab(grabs.next());
        }
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static long collectingMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                // Newer Javas count what goes on beside the threads as well.
                .filter(collector -> !collector.getName().contains("Concurrent"))
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
