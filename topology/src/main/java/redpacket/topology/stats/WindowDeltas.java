package redpacket.topology.stats;

import java.time.Duration;
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
 * The first stage of the statistics: what one task has counted since it last sent it on; and how many packets are open.
 *
 * <p>Each answer is counted at once, and what was counted is written to the store before each commit: in the transaction of the
 * answers themselves. By campaign only, so that an answer costs one addition: the sum over all is made when it is sent.
 */
public final class WindowDeltas {
    private static final String NO_CAMPAIGN = "";

    private record Window(long startMillis, long windowMillis, String campaign) {
        Window ofAll() {
            return new Window(startMillis, windowMillis, NO_CAMPAIGN);
        }
    }

    private static final class Delta {
        private final Window window;
        private final Bytes key;
        private Counters counters = Counters.NONE;
        /** Whether the store holds less than this. */
        private boolean unwritten;

        Delta(Window window) {
            this.window = window;
            this.key = DeltaFormat.key(WindowFormat.key(window.startMillis, window.windowMillis, window.campaign));
        }
    }

    private final KeyValueStore<Bytes, byte[]> store;
    private final long windowMillis;
    /** What the store holds or will hold at the next commit, and all of it. */
    private final Map<Window, Delta> deltas = new LinkedHashMap<>();
    /** The one touched last, which most often is the next one too; null at first. */
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
                Bytes key = DeltaFormat.windowKeyOf(entry.key);
                // The length with which it was counted, before a restart maybe.
                find(new Window(
                                        WindowFormat.startMillisOf(key),
                                        WindowFormat.windowMillisOf(key),
                                        WindowFormat.countedOf(key)))
                                .counters =
                        DeltaFormat.read(entry.value);
            }
        }
    }

    public void count(AwardResult result) {
        add(result.grabbedAtMillis(), result.campaign(), Counters.of(result));
    }

    /** To be called when a packet opens, not when the same command is answered again. */
    public void count(PacketEvent.Opened event) {
        countOpen(1);
        add(event.openedAtMillis(), event.campaign(), Counters.of(event));
    }

    public void count(PacketEvent.Closed event) {
        countOpen(-1);
        add(event.closedAtMillis(), event.campaign(), Counters.of(event));
    }

    /** Packets that are neither sold out nor expired. */
    public long openPackets() {
        return openPackets;
    }

    /** Hands over what was counted, and begins anew. */
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

    /** Writes what was kept back; to be called before each commit. */
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
        if (windowMillis == 0) {
            return; // as WindowSettings.NONE has it
        }
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

    private static WindowStats stats(String scope, Window window, Counters counters) {
        return new WindowStats(scope, window.startMillis, window.windowMillis, 1, false, counters);
    }
}
