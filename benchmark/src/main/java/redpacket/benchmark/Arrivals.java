package redpacket.benchmark;

import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redpacket.events.Grab;
import redpacket.producer.PacketProducer;

/**
 * Grabs that come at a fixed rate, whether or not the earlier ones are answered: who is slow does not get less to do. Each is
 * timed from when it was to come, so that waiting behind others counts too.
 */
final class Arrivals {
    /** The sender sleeps no shorter, since waking up costs the machine that is measured; so late, at most, a grab is sent. */
    private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final int perSecond;
    private final long startNanos = System.nanoTime();

    /** The first grab comes now. */
    Arrivals(int perSecond) {
        this.perSecond = perSecond;
    }

    /** When a grab was to come, in the time of {@link System#nanoTime}. */
    long nanosOf(int grab) {
        return startNanos + grab * TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** Sends each grab when it is its turn; returns after the last. */
    void send(Workload workload, PacketProducer producer) {
        Iterator<Grab> grabs = workload.grabStream().iterator();
        for (int i = 0; grabs.hasNext(); i++) {
            while (System.nanoTime() < nanosOf(i)) {
                LockSupport.parkNanos(NAP_NANOS);
            }
            // Should one be lost, its answer is missed.
            var unused = producer.grab(grabs.next());
        }
    }
}
