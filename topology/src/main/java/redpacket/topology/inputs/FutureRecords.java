package redpacket.topology.inputs;

import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the records of one partition that are dated in the future: in one line a minute, while there are any. */
public final class FutureRecords {
    private static final Logger LOG = LoggerFactory.getLogger(FutureRecords.class);

    private static final long INTERVAL_MILLIS = Duration.ofMinutes(1).toMillis();

    private final String partition;
    private long count;
    private long firstOffset;
    private long mostAheadMillis;
    private long toldAtMillis = Long.MIN_VALUE / 2;

    /**
     * @param partition for the message
     */
    public FutureRecords(String partition) {
        this.partition = partition;
    }

    public void add(long timestamp, long nowMillis, long offset) {
        if (count++ == 0) {
            firstOffset = offset;
        }
        mostAheadMillis = Math.max(mostAheadMillis, timestamp - nowMillis);
    }

    /** Call once a second. */
    public void tell(long nowMillis) {
        if (count == 0 || nowMillis - toldAtMillis < INTERVAL_MILLIS) {
            return;
        }
        LOG.warn(
                "{} records of {}, from offset {} on, are dated up to {} ahead of this machine ({}): they are judged by"
                        + " that time, but close no packet. Check the clocks of the brokers and of this machine.",
                count,
                partition,
                firstOffset,
                Duration.ofMillis(mostAheadMillis),
                Instant.ofEpochMilli(nowMillis));
        toldAtMillis = nowMillis;
        count = 0;
        mostAheadMillis = 0;
    }
}
