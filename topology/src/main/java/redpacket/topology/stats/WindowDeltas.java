package redpacket.topology.stats;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/**
 * The first stage of the statistics: the counts of one task since it last sent them, and its number of open packets.
 *
 * <p>Each answer is counted in memory at once. The counts are written to the store before each commit, so they commit
 * in the transaction of the answers. They are kept by campaign only, so that an answer costs one addition; the sum of
 * all campaigns is computed when the counts are sent.
 */
public final class WindowDeltas {
    private static final String NO_CAMPAIGN = "";

    /** Comparable, because senders choose campaigns: a hash map finds comparable keys fast even if hashes collide. */
    private record Window(long startMillis, long windowMillis, String campaign) implements Comparable<Window> {
        private static final Comparator<Window> ORDER = Comparator.comparing(Window::campaign)
                .thenComparingLong(Window::startMillis)
                .thenComparingLong(Window::windowMillis);

        @Override
        public int compareTo(Window other) {
            return ORDER.compare(this, other);
        }

        Window ofAll() {
            return new Window(startMillis, windowMillis, NO_CAMPAIGN);
        }
    }

    private static final class Delta {
        private final Window window;
        private final Bytes key;
        private Counters counters = Counters.NONE;

        /** Whether the counters have changed since they were written. */
        private boolean unwritten;

        Delta(Window window) {
            this.window = window;
            this.key = DeltaFormat.key(WindowFormat.key(window.startMillis, window.windowMillis, window.campaign));
        }
    }

    private final KeyValueStore<Bytes, byte[]> store;
    private final long windowMillis;

    /** All that the store holds, or will hold at the next commit. */
    private final Map<Window, Delta> deltas = new LinkedHashMap<>();

    /** The delta that changed last, which is most often the next one to change; null at first. */
    private Delta last;

    private long openPackets;
    private boolean openPacketsUnwritten;

    public WindowDeltas(KeyValueStore<Bytes, byte[]> store, Duration length) {
        this.store = store;
        this.windowMillis = length.toMillis();
        byte[] storedOpen = store.get(DeltaFormat.OPEN_PACKETS_KEY);
        openPackets = storedOpen == null ? 0 : DeltaFormat.readOpenPackets(storedOpen);
        try (KeyValueIterator<Bytes, byte[]> all = store.range(DeltaFormat.FIRST_KEY, DeltaFormat.AFTER_LAST_KEY)) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                find(windowOf(entry.key)).counters = DeltaFormat.read(entry.value);
            }
        }
    }

    public void count(AwardResult result) {
        add(result.grabbedAtMillis(), result.campaign(), Counters.of(result));
    }

    /** Counts the opening of a packet. The caller does not count the answer to the same command again. */
    public void count(PacketEvent.Opened event) {
        countOpen(1);
        add(event.openedAtMillis(), event.campaign(), Counters.of(event));
    }

    public void count(PacketEvent.Closed event) {
        countOpen(-1);
        add(event.closedAtMillis(), event.campaign(), Counters.of(event));
    }

    /** The packets that are neither sold out nor expired. */
    public long openPackets() {
        return openPackets;
    }

    /** Hands over all counts, and starts again from zero. */
    public void send(Consumer<WindowStats> next) {
        Map<Window, Counters> all = new HashMap<>();
        for (Delta delta : deltas.values()) {
            all.merge(delta.window.ofAll(), delta.counters, Counters::plus);
            if (!delta.window.campaign.equals(NO_CAMPAIGN)) {
                next.accept(stats(WindowStats.scopeOfCampaign(delta.window.campaign), delta.window, delta.counters));
            }
            store.delete(delta.key);
        }
        all.forEach((window, counters) -> next.accept(stats(WindowStats.ALL, window, counters)));
        deltas.clear();
        last = null;
    }

    /** Writes what was kept back. The task calls this before each commit. */
    public void write() {
        if (openPacketsUnwritten) {
            store.put(DeltaFormat.OPEN_PACKETS_KEY, DeltaFormat.openPacketsValue(openPackets));
            openPacketsUnwritten = false;
        }
        for (Delta delta : deltas.values()) {
            if (delta.unwritten) {
                store.put(delta.key, DeltaFormat.value(delta.counters));
                delta.unwritten = false;
            }
        }
    }

    private void add(long atMillis, String campaignOrNull, Counters more) {
        long startMillis = WindowStats.windowStartMillis(atMillis, windowMillis);
        String campaign = Objects.requireNonNullElse(campaignOrNull, NO_CAMPAIGN);
        if (last == null
                || last.window.startMillis != startMillis
                || last.window.windowMillis != windowMillis
                || !last.window.campaign.equals(campaign)) {
            last = find(new Window(startMillis, windowMillis, campaign));
        }
        last.counters = last.counters.plus(more);
        last.unwritten = true;
    }

    private void countOpen(int more) {
        openPackets += more;
        openPacketsUnwritten = true;
    }

    private Delta find(Window window) {
        return deltas.computeIfAbsent(window, Delta::new);
    }

    /** A stored window has the length with which it was counted, which a restart may have changed. */
    private static Window windowOf(Bytes deltaKey) {
        Bytes key = DeltaFormat.windowKeyOf(deltaKey);
        return new Window(
                WindowFormat.startMillisOf(key), WindowFormat.windowMillisOf(key), WindowFormat.countedOf(key));
    }

    private static WindowStats stats(String scope, Window window, Counters counters) {
        return new WindowStats(scope, window.startMillis, window.windowMillis, 1, false, counters);
    }
}
