package redpacket.topology.shares;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that Redis has lost queues: one line in ten seconds, however many queues are lost. */
final class Rebuilds {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuilds.class);
    private static final long BETWEEN_LINES_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongAdder queues = new LongAdder();
    private final AtomicLong lastLineNanos = new AtomicLong(System.nanoTime() - BETWEEN_LINES_NANOS);

    long count() {
        return queues.sum();
    }

    void happened(String packetId) {
        queues.increment();
        LOG.atDebug().addKeyValue("packetId", packetId).log("The queue is not whole: loading it again");
        long now = System.nanoTime();
        long last = lastLineNanos.get();
        if (now - last >= BETWEEN_LINES_NANOS && lastLineNanos.compareAndSet(last, now)) {
            LOG.atInfo()
                    .addKeyValue("packetId", packetId)
                    .log(
                            "Redis has lost shares: {} queues loaded again so far, among them that of this packet",
                            queues.sum());
        }
    }
}
