package redpacket.topology.shares;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts incidents of one kind. Logs at most one of them in 10 seconds, because they may come in thousands. */
final class Incidents {
    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final long BETWEEN_LINES_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Level level;
    private final String sentence;
    private final LongAdder count = new LongAdder();
    private final AtomicLong lastLineNanos = new AtomicLong(System.nanoTime() - BETWEEN_LINES_NANOS);

    /**
     * @param sentence for the log, with a placeholder for the packet id and one for the count
     */
    Incidents(Level level, String sentence) {
        this.level = level;
        this.sentence = sentence;
    }

    long count() {
        return count.sum();
    }

    void happened(String packetId) {
        count.increment();
        long now = System.nanoTime();
        long last = lastLineNanos.get();
        boolean told = now - last >= BETWEEN_LINES_NANOS && lastLineNanos.compareAndSet(last, now);
        LOG.atLevel(told ? level : Level.DEBUG)
                .addKeyValue("packetId", packetId)
                .log(sentence, packetId, count.sum());
    }
}
