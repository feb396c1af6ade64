package redpacket.topology.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.topology.stores.DecidedOffsets;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.StateStores;

/**
 * The second stage of the statistics: adds up the counts of all tasks, and publishes each window that has changed, at
 * most once a second. Windows close by the wall clock, because the log time stands still while no grabs arrive.
 */
public final class WindowTotals implements Processor<byte[], byte[], byte[], WindowStats> {
    private static final Logger LOG = LoggerFactory.getLogger(WindowTotals.class);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Windows that one check by the clock forgets: tens of milliseconds of every {@link #INTERVAL}. */
    private static final int STEP = 5000;

    /** How long one check by the clock publishes windows. The next one continues. Some 10,000 windows. */
    private static final long PUBLISHING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final WindowSettings windows;
    private final InputTopics topics;
    private final LongSupplier nanoTime;

    private ProcessorContext<byte[], WindowStats> context;
    private KeyValueStore<Bytes, byte[]> store;
    private DecidedOffsets decided;

    /** The windows that are not closed, or have changed since they were published. */
    private TreeMap<Bytes, WindowTotal> open;

    /** Where the next check by the clock continues to publish; null at the beginning. */
    private Bytes unpublished;

    private long firstOpen;

    /** Of windows that have begun by the wall clock: a window in the future says nothing about the input's delay. */
    private long newestStart;

    /**
     * Older windows are deleted. Scans start here, because those windows have left tombstones, which are slow to pass.
     */
    private long forgottenTo;

    public WindowTotals(WindowSettings windows, InputTopics topics) {
        this(windows, topics, System::nanoTime);
    }

    WindowTotals(WindowSettings windows, InputTopics topics, LongSupplier nanoTime) {
        this.windows = windows;
        this.topics = topics;
        this.nanoTime = nanoTime;
    }

    /** Streams may call this again after a failure, so everything that was cached is dropped. */
    @Override
    public void init(ProcessorContext<byte[], WindowStats> processorContext) {
        context = processorContext;
        store = context.getStateStore(StateStores.WINDOW_TOTALS);
        decided = new DecidedOffsets(
                context.getStateStore(StateStores.WINNERS),
                Topic.STATS_DELTAS,
                context.taskId().partition(),
                topics);
        open = new TreeMap<>();
        unpublished = null;
        byte[] stored = store.get(TotalFormat.FIRST_OPEN_KEY);
        firstOpen = stored == null ? 0 : TotalFormat.readFirstOpen(stored);
        newestStart = 0;
        forgottenTo = 0;
        try (KeyValueIterator<Bytes, byte[]> candidates = store.range(WindowFormat.key(firstOpen, 0, ""), null)) {
            while (candidates.hasNext()) {
                KeyValue<Bytes, byte[]> candidate = candidates.next();
                WindowTotal total = TotalFormat.read(candidate.key, candidate.value);
                if (total.isDirty() || !total.isClosed()) {
                    open.put(total.key(), total);
                }
            }
        }
        context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::wake);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (!decided.decide(context.recordMetadata().orElseThrow().offset())) {
            return;
        }
        WindowStats delta;
        try {
            delta = Json.readStats(record.value());
        } catch (InvalidEventException e) {
            LOG.error(
                    "Skipped a record of an internal topic that another program must have written, at {}: {}",
                    context.recordMetadata().orElseThrow(),
                    e.getMessage());
            return;
        }
        WindowTotal total = open.computeIfAbsent(
                WindowFormat.key(delta.windowStartMillis(), delta.windowMillis(), delta.scope()), this::find);
        total.add(delta.counters());
        store.put(total.key(), TotalFormat.value(total));
        rememberFirstOpen();
        if (total.startMillis() <= context.currentSystemTimeMs()) {
            newestStart = Math.max(newestStart, total.startMillis());
        }
    }

    private WindowTotal find(Bytes key) {
        byte[] stored = store.get(key);
        return stored == null ? WindowTotal.none(key) : TotalFormat.read(key, stored);
    }

    private void wake(long nowMillis) {
        publish(nowMillis);
        rememberFirstOpen();
        // By the time of newer windows, so that no window that is still counted is forgotten after an outage.
        forget(Math.min(nowMillis, newestStart) - windows.retention().toMillis());
    }

    private void publish(long nowMillis) {
        long startNanos = nanoTime.getAsLong();
        NavigableMap<Bytes, WindowTotal> rest = unpublished == null ? open : open.tailMap(unpublished, true);
        unpublished = null;
        for (Iterator<Map.Entry<Bytes, WindowTotal>> left = rest.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<Bytes, WindowTotal> next = left.next();
            if (nanoTime.getAsLong() - startNanos >= PUBLISHING_NANOS) {
                unpublished = next.getKey();
                return;
            }
            WindowTotal total = next.getValue();
            boolean over = nowMillis >= windows.closesAtMillis(total);
            if (total.isDirty() || over) {
                publish(total.next(over), nowMillis);
                store.put(total.key(), TotalFormat.value(total));
            }
            if (total.isClosed()) {
                left.remove();
            }
        }
    }

    private void publish(WindowStats stats, long nowMillis) {
        context.forward(new Record<>(stats.key().getBytes(ISO_8859_1), stats, nowMillis));
    }

    /** Stores where a restart scans from. Without this it would scan all windows that are kept. */
    private void rememberFirstOpen() {
        if (!open.isEmpty() && WindowFormat.startMillisOf(open.firstKey()) != firstOpen) {
            firstOpen = WindowFormat.startMillisOf(open.firstKey());
            store.put(TotalFormat.FIRST_OPEN_KEY, TotalFormat.firstOpenValue(firstOpen));
        }
    }

    private void forget(long beforeMillis) {
        if (beforeMillis <= forgottenTo) {
            return;
        }
        List<Bytes> old = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> found =
                store.range(WindowFormat.key(forgottenTo, 0, ""), WindowFormat.key(beforeMillis, 0, ""))) {
            while (found.hasNext() && old.size() < STEP) {
                old.add(found.next().key);
            }
        }
        old.forEach(store::delete);
        forgottenTo = old.size() < STEP ? beforeMillis : WindowFormat.startMillisOf(old.get(STEP - 1));
    }
}
