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

/** However much there is to read, Redis is sent no more at once than its connection takes. */
class MuchAtOnceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Two commands each: more than the connection takes, in one batch. */
    private static final int WINDOWS = 60_000;

    @Test
    void shouldFollowWhenABatchIsMoreCommandsThanTheConnectionTakes() {
        try (LocalServers servers = LocalServers.start(4);
                RedisConnection redis = RedisConnection.open(servers.redis());
                // On the sink's connection, a question would wait behind all that the sink sends, and time out.
                RedisConnection looking = RedisConnection.open(servers.redis());
                RandomHistory history = new RandomHistory(servers.kafka(), new Random(1))) {
            history.sendAll(IntStream.range(0, WINDOWS).mapToObj(MuchAtOnceIT::window));
            Views views = new Views(looking);

            try (ReadModel sink = ReadModel.start(servers.kafka(), redis, "sink", Retention.DEFAULT)) {
                await().atMost(PATIENCE)
                        .failFast(() -> String.valueOf(sink.status().trouble()).contains("queue"))
                        .until(() -> views.building().serving());
            }

            assertThat(views.windows(WindowStats.ALL, 2)).containsExactly(window(WINDOWS - 1), window(WINDOWS - 2));
            assertThat(looking.commands()
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
