package redpacket.topology.stats;

import java.time.Duration;
import java.util.Comparator;
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
 * in the transaction of the answers. They are kept by campaign and currency only, so that an answer costs one addition;
 * the sums of the scopes are computed when the counts are sent.
 */
public final class WindowDeltas {
    private static final String NONE = "";

    /** Between a campaign and a currency in the key of a delta. Neither contains it. */
    private static final char SEPARATOR = '/';

    /** Comparable, because senders choose campaigns: a hash map finds comparable keys fast even if hashes collide. */
    private record Window(long startMillis, long windowMillis, String campaign, String currency)
            implements Comparable<Window> {
        private static final Comparator<Window> ORDER = Comparator.comparing(Window::campaign)
                .thenComparing(Window::currency)
                .thenComparingLong(Window::startMillis)
                .thenComparingLong(Window::windowMillis);

        @Override
        public int compareTo(Window other) {
            return ORDER.compare(this, other);
        }

        /** In the key of the delta: as before there were currencies, if there is none. */
        String counted() {
            return currency.equals(NONE) ? campaign : campaign + SEPARATOR + currency;
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
            this.key = DeltaFormat.key(WindowFormat.key(window.startMillis, window.windowMillis, window.counted()));
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
        add(result.grabbedAtMillis(), result.campaign(), result.currency(), Counters.of(result));
    }

    /** Counts the opening of a packet. The caller does not count the answer to the same command again. */
    public void count(PacketEvent.Opened event) {
        countOpen(1);
        add(event.openedAtMillis(), event.campaign(), event.currency(), Counters.of(event));
    }

    public void count(PacketEvent.Closed event) {
        countOpen(-1);
        add(event.closedAtMillis(), event.campaign(), event.currency(), Counters.of(event));
    }

    /** The packets that are neither sold out nor expired. */
    public long openPackets() {
        return openPackets;
    }

    /** Hands over all counts, and starts again from zero. */
    public void send(Consumer<WindowStats> next) {
        Map<String, WindowStats> sums = new LinkedHashMap<>();
        for (Delta delta : deltas.values()) {
            Window window = delta.window;
            String currency = orNull(window.currency);
            for (String scope : WindowStats.scopesOf(orNull(window.campaign), currency)) {
                Counters counted = WindowStats.countedIn(scope, currency, delta.counters);
                sums.merge(
                        scope + '@' + window.startMillis + '+' + window.windowMillis,
                        stats(scope, window, counted),
                        (sum, more) -> stats(scope, window, sum.counters().plus(more.counters())));
            }
            store.delete(delta.key);
        }
        sums.values().forEach(next);
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

    private void add(long atMillis, String campaignOrNull, String currencyOrNull, Counters more) {
        long startMillis = WindowStats.windowStartMillis(atMillis, windowMillis);
        String campaign = Objects.requireNonNullElse(campaignOrNull, NONE);
        String currency = Objects.requireNonNullElse(currencyOrNull, NONE);
        if (last == null
                || last.window.startMillis != startMillis
                || last.window.windowMillis != windowMillis
                || !last.window.campaign.equals(campaign)
                || !last.window.currency.equals(currency)) {
            last = find(new Window(startMillis, windowMillis, campaign, currency));
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
        String counted = WindowFormat.countedOf(key);
        int separator = counted.indexOf(SEPARATOR);
        return new Window(
                WindowFormat.startMillisOf(key),
                WindowFormat.windowMillisOf(key),
                separator < 0 ? counted : counted.substring(0, separator),
                separator < 0 ? NONE : counted.substring(separator + 1));
    }

    private static String orNull(String text) {
        return text.equals(NONE) ? null : text;
    }

    private static WindowStats stats(String scope, Window window, Counters counters) {
        return new WindowStats(scope, window.startMillis, window.windowMillis, 1, false, counters);
    }
}
