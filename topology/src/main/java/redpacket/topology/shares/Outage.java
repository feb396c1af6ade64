package redpacket.topology.shares;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs an outage of Redis in two lines, one for its beginning and one for its end, however many calls fail.
 *
 * <p>The outage ends when a queue or a starting task that has waited gets an answer. An answer to another queue does
 * not end it, because in a cluster one node may be down while the others answer. The outage also ends when no call has
 * failed for {@link #FORGOTTEN_NANOS}, because a queue that has waited may never be needed again.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final long FORGOTTEN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicReference<Wait> current = new AtomicReference<>();

    private static final class Wait {
        final long sinceNanos = System.nanoTime();
        final Set<String> waiting = ConcurrentHashMap.newKeySet();
        volatile long lastFailureNanos;

        void add(String who) {
            lastFailureNanos = System.nanoTime();
            waiting.add(who);
        }
    }

    void failed(String who, String reason) {
        Wait wait = current.get();
        if (wait == null) {
            Wait first = new Wait();
            first.add(who);
            wait = current.compareAndExchange(null, first);
            if (wait == null) {
                LOG.warn("Waiting for Redis: {}", reason);
                return;
            }
        }
        wait.add(who);
    }

    void answered(String who) {
        Wait wait = current.get();
        if (wait == null) {
            return;
        }
        long now = System.nanoTime();
        boolean over = wait.waiting.contains(who) || now - wait.lastFailureNanos > FORGOTTEN_NANOS;
        if (over && current.compareAndSet(wait, null)) {
            String seconds = String.format(Locale.ROOT, "%.1f", (now - wait.sinceNanos) / 1e9);
            LOG.info("Redis answers again after {} s, {} waited", seconds, wait.waiting.size());
        }
    }
}
