package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.result;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.parts.FakeClock;
import redpacket.parts.LocalRedis;
import redpacket.topology.TcpProxy;

/** Shares are handed out although Redis gives back others, keeps nothing, or has a wrong clock. */
class UntrustworthyRedisIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Any server or proxy that answers in its own way: here all tags are wrong, whatever is loaded. */
    @ParameterizedTest
    @ValueSource(ints = {10, 5_000})
    void shouldHandOutFromMemoryWhenRedisGivesBackOtherShares(int shares) {
        try (LocalRedis redis = LocalRedis.start();
                TcpProxy liar = TcpProxy.before(redis.port());
                RedisConnection connection = RedisConnection.open(RedisAddress.of("redis://127.0.0.1:" + liar.port()));
                ShareQueues queues = new ShareQueues(connection)) {
            liar.alterReplies(UntrustworthyRedisIT::withoutTags);
            ShareQueue queue = packetWith("packet", shares);

            assertReadsTheCut(queues, queue, 0);
            assertThat(queues.distrusted()).isEqualTo(1);
            long calls = queues.calls();
            assertReadsTheCut(queues, queue, shares / 2);
            assertThat(queues.calls()).as("Redis is not asked again").isEqualTo(calls);

            liar.alterReplies(bytes -> bytes);
            assertThat(result(queues.pop(packetWith("next", 10), 0, 10)))
                    .isEqualTo(packetWith("next", 10).cut());
            assertThat(queues.distrusted()).isEqualTo(1);
        }
    }

    /** An empty answer asks for another pop. */
    @Test
    void shouldHandOutFromMemoryWhenRedisAsksAgainAndAgain() {
        try (LocalRedis redis = LocalRedis.start();
                TcpProxy liar = TcpProxy.before(redis.port());
                RedisConnection connection = RedisConnection.open(RedisAddress.of("redis://127.0.0.1:" + liar.port()));
                ShareQueues queues = new ShareQueues(connection)) {
            liar.alterReplies(UntrustworthyRedisIT::emptied);
            assertReadsTheCut(queues, packetWith("packet", 10), 0);
            assertThat(queues.distrusted()).isEqualTo(1);
        }
    }

    /** The memory takes a chunk of the queue but not the whole, and the policy evicts the load itself. */
    @Test
    void shouldHandOutFromMemoryWhenRedisEvictsWhatItWasGiven() {
        try (LocalRedis redis = LocalRedis.start("--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru");
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            ShareQueue queue = packetWith("packet", 1_000_000);
            ShareReader reader = new ShareReader(queues, queue, 0, new Patience(PATIENCE));
            long[] cut = queue.cut();
            for (int i = 0; i < 10_000; i++) {
                assertThat(reader.shareAt(i)).isEqualTo(cut[i]);
            }
            assertThat(queues.distrusted()).isEqualTo(1);
        }
    }

    /** An absolute time to live would delete the queue while it is popped. */
    @ParameterizedTest
    @ValueSource(strings = {"PT9H", "P400D", "-P1D"})
    void shouldKeepTheQueueWhenTheClockOfRedisIsWrong(Duration ahead) {
        assumeTrue(FakeClock.isAvailable(), "needs libfaketime: apt-get install faketime");
        try (LocalRedis redis = LocalRedis.startWithClock(ahead);
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            for (int shares : new int[] {10, 5_000}) {
                assertReadsTheCut(queues, packetWith("packet-" + shares, shares), 0);
            }
            assertThat(queues.loads())
                    .as("only the queue that is too big for its first pop")
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldGoOnWhenTheClockOfRedisJumps() {
        assumeTrue(FakeClock.isAvailable(), "needs libfaketime: apt-get install faketime");
        try (LocalRedis redis = LocalRedis.startWithClock(Duration.ZERO);
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            ShareQueue queue = packetWith("packet", 1_000);
            ShareReader reader = new ShareReader(queues, queue, 0, new Patience(PATIENCE));
            long[] cut = queue.cut();
            for (int i = 0; i < queue.shares(); i++) {
                if (i % 100 == 0) {
                    redis.setClock(Duration.ofHours(i % 200 == 0 ? 9 : -9));
                }
                assertThat(reader.shareAt(i)).isEqualTo(cut[i]);
            }
        }
    }

    private static void assertReadsTheCut(ShareQueues queues, ShareQueue queue, int from) {
        ShareReader reader = new ShareReader(queues, queue, from, new Patience(PATIENCE));
        long[] cut = queue.cut();
        for (int i = from; i < queue.shares(); i++) {
            assertThat(reader.shareAt(i)).isEqualTo(cut[i]);
        }
    }

    private static byte[] emptied(byte[] reply) {
        return new String(reply, ISO_8859_1)
                .replaceAll("\\$\\d+\r\n(\\d+:[0-9a-f]{16} ?)+\r\n", "\\$0\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    /** As long as before, so that the protocol holds. */
    private static byte[] withoutTags(byte[] reply) {
        return new String(reply, ISO_8859_1)
                .replaceAll(":[0-9a-f]{16}", ":0000000000000000")
                .getBytes(ISO_8859_1);
    }
}
