package redpacket.topology.stats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.events.Counters;
import redpacket.events.Json;
import redpacket.events.WindowStats;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.StateStores;

/** A test starts at the second 1,000,000 of the epoch, and advances the clock itself. */
class WindowTotalsTest {
    private static final long NOW = 1_000_000_000;
    private static final Counters ONE_GRAB = Counters.of(counter -> switch (counter) {
        case GRABS, SOLD_OUT -> 1;
        default -> 0;
    });
    private static final WindowSettings WINDOWS =
            new WindowSettings(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(1));

    @TempDir
    private Path stateDirectory;

    /** A clock that goes on by a fixed time with each look. */
    private long nanoTime;

    private long nanosOfALook;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> deltas;
    private TestOutputTopic<byte[], byte[]> stats;

    @BeforeEach
    void start() {
        Topology topology = new Topology()
                .addSource("read", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "deltas")
                .addProcessor(
                        "total",
                        () -> new WindowTotals(WINDOWS, InputTopics.UNKNOWN, () -> nanoTime += nanosOfALook),
                        "read")
                .addStateStore(StateStores.persistent(StateStores.WINDOW_TOTALS), "total")
                .addStateStore(DeferredStore.builder(StateStores.WINNERS), "total")
                .addSink(
                        "write",
                        "stats",
                        new ByteArraySerializer(),
                        (String topic, WindowStats window) -> Json.write(window),
                        "total");
        Properties settings = new Properties();
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(topology, settings, Instant.ofEpochMilli(NOW));
        deltas = driver.createInputTopic("deltas", new ByteArraySerializer(), new ByteArraySerializer());
        stats = driver.createOutputTopic("stats", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void shouldPublishOnceASecondWhenMuchIsCounted() {
        grab(NOW, 1_000);
        grab(NOW, 1_000);
        assertThat(published()).isEmpty();

        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 1, false, 2));

        pass(1);
        assertThat(published()).isEmpty();

        grab(NOW, 1_000);
        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 2, false, 3));
    }

    @Test
    void shouldPublishTheRestLaterWhenTheTimeIsUp() {
        for (long windowMillis : new long[] {1_000, 2_000, 4_000, 5_000, 8_000}) {
            grab(NOW, windowMillis);
        }
        nanosOfALook = Duration.ofMillis(30).toNanos();

        pass(1);
        assertThat(published()).extracting(WindowStats::windowMillis).containsExactly(1_000L, 2_000L, 4_000L);

        grab(NOW, 1_000);
        pass(1);
        assertThat(published()).extracting(WindowStats::windowMillis).containsExactly(5_000L, 8_000L);
        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 2, false, 2));
    }

    @Test
    void shouldCloseTheWindowWhenTheClockHasPassedItsGrace() {
        grab(NOW, 1_000);
        pass(5);
        assertThat(published()).containsExactly(window(NOW, 1_000, 1, false, 1));

        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 2, true, 1));

        grab(NOW, 1_000);
        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 3, true, 2));
    }

    @Test
    void shouldCloseAtOnceWhenAWindowOfLongAgoIsCounted() {
        grab(NOW - 3_600_000, 1_000);
        pass(1);
        assertThat(published()).containsExactly(window(NOW - 3_600_000, 1_000, 1, true, 1));
    }

    @Test
    void shouldKeepThemApartWhenWindowsDifferInLength() {
        grab(NOW, 1_000);
        grab(NOW, 10_000);
        pass(1);
        assertThat(published())
                .containsExactlyInAnyOrder(window(NOW, 1_000, 1, false, 1), window(NOW, 10_000, 1, false, 1));
    }

    @Test
    void shouldForgetOldWindowsWhenNewerOnesAreCounted() {
        grab(NOW, 1_000);
        pass(200);
        assertThat(windowsInStore()).isEqualTo(1);

        grab(NOW + 200_000, 1_000);
        pass(1);
        assertThat(windowsInStore()).isEqualTo(1);
    }

    @Test
    void shouldForgetByTheWindowsOfThePastWhenOneIsInTheFuture() {
        grab(NOW + Duration.ofDays(7).toMillis(), 1_000);
        grab(NOW, 1_000);
        pass(200);
        grab(NOW + 1_000, 1_000);
        pass(1);

        assertThat(windowsInStore()).as("the input is late").isEqualTo(3);
        assertThat(published()).contains(window(NOW + 1_000, 1_000, 1, true, 1));
        grab(NOW, 1_000);
        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 3, true, 2));
    }

    @Test
    void shouldGoOnWhenADeltaCannotBeRead() {
        deltas.pipeInput("all@0".getBytes(UTF_8), "?".getBytes(UTF_8));
        grab(NOW, 1_000);
        pass(1);
        assertThat(published()).containsExactly(window(NOW, 1_000, 1, false, 1));
    }

    /** The store is that of one task, which starts again and again. */
    @Test
    void shouldGoOnWhereItStoppedWhenTheTaskRestarts() {
        var context = new MockProcessorContext<byte[], WindowStats>(
                new Properties(),
                new TaskId(0, 0),
                stateDirectory.resolve("task").toFile());
        KeyValueStore<Bytes, byte[]> store = StateStores.persistent(StateStores.WINDOW_TOTALS)
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        DeferredStore winners = new DeferredStore(StateStores.persistent(StateStores.WINNERS)
                .withLoggingDisabled()
                .build());
        winners.init(context.getStateStoreContext(), winners);
        context.addStateStore(store);
        context.addStateStore(winners);
        context.setCurrentSystemTimeMs(NOW + 10_000);

        count(restarted(context), context, NOW, 0);
        restarted(context);
        assertThat(published(context, NOW + 1_000)).containsExactly(window(NOW, 1_000, 1, false, 1));
        restarted(context);
        assertThat(published(context, NOW + 2_000)).isEmpty();

        WindowTotals totals = restarted(context);
        count(totals, context, NOW, 1);
        count(totals, context, NOW + 4_000, 2);
        assertThat(published(context, NOW + 6_000))
                .containsExactly(window(NOW, 1_000, 2, true, 2), window(NOW + 4_000, 1_000, 1, false, 1));
        restarted(context);
        assertThat(published(context, NOW + 6_000)).isEmpty();
        assertThat(TotalFormat.readFirstOpen(store.get(TotalFormat.FIRST_OPEN_KEY)))
                .isEqualTo(NOW + 4_000);
        store.close();
        winners.close();
    }

    private static WindowTotals restarted(MockProcessorContext<byte[], WindowStats> context) {
        WindowTotals totals = new WindowTotals(WINDOWS, InputTopics.UNKNOWN);
        totals.init(context);
        return totals;
    }

    /** What the task that started last publishes when the clock wakes it. */
    private static List<WindowStats> published(MockProcessorContext<byte[], WindowStats> context, long nowMillis) {
        context.resetForwards();
        List<MockProcessorContext.CapturedPunctuator> wakes = context.scheduledPunctuators();
        wakes.get(wakes.size() - 1).getPunctuator().punctuate(nowMillis);
        return context.forwarded().stream()
                .<WindowStats>map(forwarded -> forwarded.record().value())
                .toList();
    }

    private static void count(
            WindowTotals totals, MockProcessorContext<byte[], WindowStats> context, long startMillis, long offset) {
        WindowStats delta = window(startMillis, 1_000, 1, false, 1);
        context.setRecordMetadata("deltas", 0, offset);
        totals.process(new Record<>(delta.key().getBytes(UTF_8), Json.write(delta), 0));
    }

    private void grab(long startMillis, long windowMillis) {
        WindowStats delta = window(startMillis, windowMillis, 1, false, 1);
        deltas.pipeInput(delta.key().getBytes(UTF_8), Json.write(delta));
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    private List<WindowStats> published() {
        return stats.readValuesToList().stream().map(Json::readStats).toList();
    }

    private long windowsInStore() {
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(StateStores.WINDOW_TOTALS);
        long windows = 0;
        try (KeyValueIterator<Bytes, byte[]> all =
                store.range(WindowFormat.key(0, 0, ""), WindowFormat.key(Long.MAX_VALUE, 0, ""))) {
            for (; all.hasNext(); all.next()) {
                windows++;
            }
        }
        return windows;
    }

    private static WindowStats window(long startMillis, long windowMillis, long revision, boolean closed, int grabs) {
        Counters counters = Counters.NONE;
        for (int i = 0; i < grabs; i++) {
            counters = counters.plus(ONE_GRAB);
        }
        return new WindowStats(WindowStats.ALL, startMillis, windowMillis, revision, closed, counters);
    }
}
