package redpacket.sink.http;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import redpacket.clients.RedisConnection;
import redpacket.sink.readmodel.Views;

/**
 * Asks Redis on a thread of its own how the read model is built, so that health never waits for Redis. What it tells is
 * at most as old as a command may take.
 */
public final class BuildingWatch implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final Views views;
    private final Thread thread = new Thread(this::run, "building-watch");
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Seen seen = new Seen(new Views.Building(false, false, 0), "Redis has not answered yet");

    /**
     * What was last seen.
     *
     * @param trouble why Redis did not answer; null if it did
     */
    record Seen(Views.Building building, String trouble) {}

    private BuildingWatch(Views views) {
        this.views = views;
        thread.setDaemon(true);
        thread.start();
    }

    public static BuildingWatch over(Views views) {
        return new BuildingWatch(views);
    }

    Seen seen() {
        return seen;
    }

    @Override
    public void close() {
        closing.countDown();
    }

    private void run() {
        try {
            do {
                seen = look();
            } while (!closing.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Seen look() {
        try {
            return new Seen(views.building(), null);
        } catch (RedisException e) {
            return new Seen(
                    new Views.Building(false, false, 0), "Redis is unavailable: " + RedisConnection.reasonOf(e));
        }
    }
}
