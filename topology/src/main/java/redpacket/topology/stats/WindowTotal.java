package redpacket.topology.stats;

import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.events.WindowStats;

/** One window of one scope: the counts of all tasks, and how much of them is published. */
final class WindowTotal {
    private final Bytes key;
    private long revision;
    private boolean dirty;
    private boolean closed;
    private Counters counters;

    static WindowTotal none(Bytes key) {
        return new WindowTotal(key, 0, false, false, Counters.NONE);
    }

    /**
     * @param revision published last; 0 for none
     * @param dirty whether the counters have changed since then
     * @param closed whether the window was published as closed
     */
    WindowTotal(Bytes key, long revision, boolean dirty, boolean closed, Counters counters) {
        this.key = key;
        this.revision = revision;
        this.dirty = dirty;
        this.closed = closed;
        this.counters = counters;
    }

    void add(Counters more) {
        counters = counters.plus(more);
        dirty = true;
    }

    /** Returns the next revision, which the caller publishes. */
    WindowStats next(boolean over) {
        revision++;
        dirty = false;
        closed |= over;
        return new WindowStats(WindowFormat.countedOf(key), startMillis(), windowMillis(), revision, closed, counters);
    }

    Bytes key() {
        return key;
    }

    long startMillis() {
        return WindowFormat.startMillisOf(key);
    }

    long windowMillis() {
        return WindowFormat.windowMillisOf(key);
    }

    long revision() {
        return revision;
    }

    boolean isDirty() {
        return dirty;
    }

    boolean isClosed() {
        return closed;
    }

    Counters counters() {
        return counters;
    }
}
