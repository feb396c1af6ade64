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
 * <p>It is over when one of those that waited, queues or starting tasks, gets its answer (of a cluster, one node may be away
 * while the others answer), or when nothing has failed for {@link #FORGOTTEN_NANOS}, since a queue that waited may never be
 * asked again.
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
