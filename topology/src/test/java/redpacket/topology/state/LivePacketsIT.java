package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.RedisConnection;
import redpacket.events.Split;
import redpacket.parts.LocalRedis;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.Patience;
import redpacket.topology.shares.ShareQueue;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.ShareReader;

/** Live packets with a real Redis, which is busy when they are opened. */
class LivePacketsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final long EXPIRES = System.currentTimeMillis() + 3_600_000;

    /** More than any fixed number of packets that could be remembered with little memory. */
    private static final int PACKETS = 50_000;

    @TempDir
    private Path folder;

    @Test
    void shouldRequestTheSharesOfAllPacketsWhenRedisWasTooBusyAtTheirOpening() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection);
                Stores stores = Stores.open(folder, 0)) {
            connection.requireReachable(PATIENCE);
            LivePackets live = stores.liveWithShares(
                    new LiveMemory(Long.MAX_VALUE),
                    (packet, cursor) ->
                            new ShareReader(queues, new ShareQueue(packet, EXPIRES), cursor, new Patience(PATIENCE)));
            redis.pause();
            for (int i = 0; i < PACKETS; i++) {
                live.open(packet("packet-" + i));
            }
            assertThat(queues.blocks()).isLessThan(PACKETS);
            redis.resume();

            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                live.prefetch();
                return queues.blocks() == PACKETS;
            });
        }
    }

    /** A packet that is not in memory any more asks for its shares when it is grabbed. */
    @Test
    void shouldStayWithinTheMemoryWhenRedisIsBusyAndManyPacketsAreOpened() {
        try (LocalRedis redis = LocalRedis.start();
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection);
                Stores stores = Stores.open(folder, 0)) {
            connection.requireReachable(PATIENCE);
            LiveMemory memory = new LiveMemory(10_000_000);
            LivePackets live = stores.liveWithShares(
                    memory,
                    (packet, cursor) ->
                            new ShareReader(queues, new ShareQueue(packet, EXPIRES), cursor, new Patience(PATIENCE)));
            redis.pause();
            for (int i = 0; i < PACKETS; i++) {
                live.open(packet("packet-" + i));
            }
            redis.resume();

            assertThat(memory.used()).isLessThan(10_000_000 + 10_000);
            assertThat(live.find("packet-7").nextWinner("user", "grab").share().cents())
                    .isPositive();
        }
    }

    private static Packet packet(String packetId) {
        return new Packet(packetId, "sender", 100, 1, Split.EQUAL, null, 0, EXPIRES, SECRET.seedOf(packetId));
    }
}
