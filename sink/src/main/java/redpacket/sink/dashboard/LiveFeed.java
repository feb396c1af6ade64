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

/** Follows the topics and publishes a {@link Snapshot} every second, while at least one page is open. */
final class LiveFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);

    /** Results to read of each partition first, so that a new page is not empty. */
    private static final int AWARDS_AT_START = 1_000;

    /** A window settles within this time after its end: each of the two stages of counting sends once a second. */
    private static final long SETTLING_MILLIS = 3_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final KafkaAddress kafka;
    private final HotPackets hotPackets;
    private final LongSupplier lag;
    private final Thread thread = new Thread(this::run, "dashboard");

    /** Number of open pages. Guarded by this, like the fields below. */
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

    /** Passes snapshots to the watcher, as JSON, until it returns false. A slow watcher misses some snapshots. */
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

    /** Waits for the next frame. Null if the feed is closed. */
    private synchronized Frame next(long after) throws InterruptedException {
        while (!closed && (latest == null || latest.number <= after)) {
            wait();
        }
        return closed ? null : latest;
    }

    private synchronized boolean isWatched() {
        return watchers > 0 && !closed;
    }

    /** Waits until a page is open. False if the feed is closed. */
    private synchronized boolean awaitWatchers() throws InterruptedException {
        // Out of date when the next page opens.
        latest = null;
        while (watchers == 0 && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized void publish(Object snapshot) {
        try {
            latest = new Frame(frames++, JSON.writeValueAsString(snapshot));
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
                    LOG.warn("The dashboard cannot read the topics and tries again", e);
                    publish(new Snapshot.Trouble(e.getMessage()));
                    TimeUnit.MILLISECONDS.sleep(RETRY_BACKOFF.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws InterruptedException {
        Map<String, Object> settings = kafka.clientSettings();
        // Fewer polls cost less. The records are small.
        settings.put("max.poll.records", 5_000);
        long startedMillis = System.currentTimeMillis();
        RecentActivity activity = new RecentActivity(startedMillis);
        Start aDayAgo = Start.since(Instant.ofEpochMilli(startedMillis).minus(RecentActivity.DAY));
        try (CommittedReader stats = CommittedReader.from(aDayAgo, settings, EnumSet.of(Topic.STATS));
                CommittedReader awards =
                        CommittedReader.from(Start.last(AWARDS_AT_START), settings, EnumSet.of(Topic.AWARDS))) {
            while (isWatched() && !stats.isCaughtUp()) {
                stats.poll(POLL, activity);
            }
            long nextNanos = System.nanoTime();
            while (isWatched()) {
                awards.poll(POLL, activity);
                stats.poll(Duration.ZERO, activity);
                long lateNanos = System.nanoTime() - nextNanos;
                if (lateNanos >= 0) {
                    // Missed seconds are skipped.
                    nextNanos += lateNanos < SECOND_NANOS ? SECOND_NANOS : lateNanos + SECOND_NANOS;
                    publish(snapshotOf(activity));
                    activity.nextSecond(System.currentTimeMillis());
                }
            }
        }
    }

    private Snapshot snapshotOf(RecentActivity activity) throws InterruptedException {
        long nowMillis = System.currentTimeMillis();
        return new Snapshot(
                nowMillis,
                nowMillis - SETTLING_MILLIS,
                activity.totals(),
                activity.latestWindows(),
                lag.getAsLong(),
                activity.latency(),
                hotPackets.of(activity.rates()).orElse(null),
                activity.latestAwards());
    }
}
