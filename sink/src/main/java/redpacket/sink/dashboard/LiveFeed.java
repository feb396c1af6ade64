package redpacket.sink.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;
import redpacket.reader.CommittedReader;
import redpacket.reader.Start;
import redpacket.sink.readmodel.Views;

/** Follows the topics while somebody watches, and makes a {@link Snapshot} every second; else it costs nothing. */
final class LiveFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

    /** Of each partition, so that there is something to see at once. */
    private static final int AWARDS_AT_START = 1_000;

    /** Both stages of counting send once a second, in a transaction each. */
    private static final long SETTLING_MILLIS = 3_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final KafkaAddress kafka;
    private final HotPackets hotPackets;
    private final LongSupplier lag;
    private final Thread thread = new Thread(this::run, "dashboard");

    /** All that follows is guarded by this. */
    private int watchers;

    private Frame latest;
    private long frames;
    private boolean closed;

    private LiveFeed(KafkaAddress kafka, Views views, LongSupplier lag) {
        this.kafka = kafka;
        this.hotPackets = new HotPackets(views);
        this.lag = lag;
    }

    static LiveFeed start(KafkaAddress kafka, Views views, LongSupplier lag) {
        LiveFeed live = new LiveFeed(kafka, views, lag);
        live.thread.setDaemon(true);
        live.thread.start();
        return live;
    }

    private record Frame(long number, String json) {}

    /** Passes pictures on, as JSON, until told to stop by {@code false}; one who is slow misses some. */
    void watch(Predicate<String> watcher) throws InterruptedException {
        enter();
        try {
            Frame frame = next(-1);
            while (frame != null && watcher.test(frame.json)) {
                frame = next(frame.number);
            }
        } finally {
            leave();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
            hotPackets.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void enter() {
        watchers++;
        notifyAll();
    }

    private synchronized void leave() {
        watchers--;
    }

    /** Null when there will be no more. */
    private synchronized Frame next(long after) throws InterruptedException {
        while (!closed && (latest == null || latest.number <= after)) {
            wait();
        }
        return closed ? null : latest;
    }

    private synchronized boolean isWatched() {
        return watchers > 0 && !closed;
    }

    /** False when there will be no more watchers. */
    private synchronized boolean awaitWatchers() throws InterruptedException {
        latest = null; // Old by the time someone comes.
        while (watchers == 0 && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized void publish(Object picture) {
        try {
            latest = new Frame(frames++, JSON.writeValueAsString(picture));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        notifyAll();
    }

    private void run() {
        try {
            while (awaitWatchers()) {
                try {
                    follow();
                } catch (RuntimeException e) {
                    LOG.warn("The dashboard cannot follow the topics", e);
                    publish(new Snapshot.Trouble(e.getMessage()));
                    TimeUnit.MILLISECONDS.sleep(BEFORE_NEXT_TRY.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        Map<String, Object> settings = kafka.clientSettings();
        // Each poll has a price, and the records are small.
        settings.put("max.poll.records", 5_000);
        long startedMillis = System.currentTimeMillis();
        RecentActivity rush = new RecentActivity(startedMillis);
        Start aDayAgo = Start.since(Instant.ofEpochMilli(startedMillis).minus(RecentActivity.DAY));
        try (CommittedReader stats = CommittedReader.from(aDayAgo, settings, EnumSet.of(Topic.STATS));
                CommittedReader awards =
                        CommittedReader.from(Start.last(AWARDS_AT_START), settings, EnumSet.of(Topic.AWARDS))) {
            while (isWatched() && !stats.isCaughtUp()) {
                stats.poll(POLL, rush);
            }
            long nextNanos = System.nanoTime();
            while (isWatched()) {
                awards.poll(POLL, rush);
                stats.poll(Duration.ZERO, rush);
                long lateNanos = System.nanoTime() - nextNanos;
                if (lateNanos >= 0) {
                    // Seconds that were missed are not made up for: a picture tells of one second.
                    nextNanos += lateNanos < SECOND_NANOS ? SECOND_NANOS : lateNanos + SECOND_NANOS;
                    publish(pictureOf(rush));
                    rush.nextSecond(System.currentTimeMillis());
                }
            }
        }
    }

    private Snapshot pictureOf(RecentActivity rush) throws InterruptedException {
        long nowMillis = System.currentTimeMillis();
        return new Snapshot(
                nowMillis,
                nowMillis - SETTLING_MILLIS,
                rush.totals(),
                rush.latestWindows(),
                lag.getAsLong(),
                rush.latency(),
                hotPackets.of(rush.heat()).orElse(null),
                rush.latestAwards());
    }
}
