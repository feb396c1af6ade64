package redpacket.sink.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.events.Counters;
import redpacket.events.WindowStats;
import redpacket.parts.LocalServers;

/** A batch may contain more commands than the connection to Redis accepts at a time. */
class LargeBatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two commands each, more than the connection accepts. */
    private static final int WINDOWS = 60_000;

    @Test
    void shouldFollowWhenBatchHasMoreCommandsThanConnectionAccepts() {
        try (LocalServers servers = LocalServers.start(4);
                RedisConnection redis = RedisConnection.open(servers.redis());
                // On the connection of the sink, a query would wait behind all commands of the sink and time out.
                RedisConnection queries = RedisConnection.open(servers.redis());
                RandomHistory history = new RandomHistory(servers.kafka(), new Random(1))) {
            history.sendAll(IntStream.range(0, WINDOWS).mapToObj(LargeBatchIT::window));
            Views views = new Views(queries);

            try (ReadModel sink = ReadModel.start(servers.kafka(), redis, "sink", Retention.DEFAULT)) {
                await().atMost(PATIENCE)
                        .failFast(() -> String.valueOf(sink.status().trouble()).contains("queue"))
                        .until(() -> views.building().serving());
            }

            assertThat(views.windows(WindowStats.ALL, 2)).containsExactly(window(WINDOWS - 1), window(WINDOWS - 2));
            assertThat(queries.commands()
                            .zcard(Keys.windows(WindowStats.ALL))
                            .toCompletableFuture()
                            .join())
                    .isEqualTo(WINDOWS);
        }
    }

    private static WindowStats window(int number) {
        return new WindowStats(WindowStats.ALL, 1_800_000_000_000L + number * 1_000L, 1_000, 1, true, Counters.NONE);
    }
}
