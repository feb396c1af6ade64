package redpacket.topology.shares;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is being waited for, in two lines of log however often it is asked again.
 *
 * <p>It is over when one of the queues that waited gets its answer (of a cluster, one node may be away while the others
 * answer), or when nothing has failed for {@link #FORGOTTEN_NANOS}, since a queue that waited may never be asked again.
 */
final class Outage {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicReference<Wait> current = new AtomicReference<>();

    private static final class Wait {
        final long sinceNanos = System.nanoTime();
        final Set<String> packetIds = ConcurrentHashMap.newKeySet();
        volatile long lastFailureNanos;

        void add(String packetId) {
            lastFailureNanos = System.nanoTime();
            packetIds.add(packetId);
        }
    }

    void failed(String packetId, String reason) {
        Wait wait = current.get();
        if (wait == null) {
            Wait first = new Wait();
            first.add(packetId);
            wait = current.compareAndExchange(null, first);
            if (wait == null) {
                log.warn("Waiting for Redis: {}", reason);
                return;
            }
        }
        wait.add(packetId);
    }

    void answered(String packetId) {
        Wait wait = current.get();
        if (wait == null) return;
        long now = System.nanoTime();
        boolean over = wait.packetIds.contains(packetId) || now - wait.lastFailureNanos > FORGOTTEN_NANOS;
        if (over && current.compareAndSet(wait, null)) {
            String seconds = String.format(Locale.ROOT, "%.1f", (now - wait.sinceNanos) / 1e9);
            log.info("Redis answers again after {} s, {} queues waited", seconds, wait.packetIds.size());
        }
    }
}
