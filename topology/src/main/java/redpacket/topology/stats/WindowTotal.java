package redpacket.topology.stats;

import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.events.WindowStats;

/** One window of one scope as all tasks have counted it, and what of it has been published. */
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
     * @param dirty whether something was counted since then
     * @param closed whether it was published as closed
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

    /** What is to be published now. */
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
