package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static redpacket.topology.shares.Packets.cut;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.result;

import io.lettuce.core.FlushMode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.parts.LocalRedis;

/** A pop returns the shares of the cut at its cursor, whatever happens to Redis and whoever else pops. */
class ShareQueuesIT {
    private static final int BIG = 25_000;

    private static LocalRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> admin;
    private static RedisConnection connection;
    private static ShareQueues queues;

    @BeforeAll
    static void start() {
        redis = LocalRedis.start();
        client = RedisClient.create(redis.address().uri());
        admin = client.connect().sync();
        connection = RedisConnection.open(redis.address());
        queues = new ShareQueues(connection);
    }

    @AfterAll
    static void stop() {
        queues.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        redis.close();
    }

    @BeforeEach
    void empty() {
        admin.flushall();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000, 1_001, BIG})
    void shouldReturnTheSameSharesWhenAPopIsRepeated(int shares) {
        ShareQueue queue = packetWith("packet", shares);
        int n = Math.min(shares, 300);

        for (int cursor : new int[] {0, 0, shares - n, 0, shares - n}) {
            assertThat(result(queues.pop(queue, cursor, n))).isEqualTo(cut(queue, cursor, n));
            assertWhole(queue);
        }
    }

    @Test
    void shouldCostOneCallWhenASmallPacketIsPoppedFirst() {
        long before = queues.calls();
        result(queues.pop(packetWith("packet", 10), 0, 10));
        assertThat(queues.calls() - before).isEqualTo(1);
    }

    @Test
    void shouldMoveInStepsWhenTheCursorIsFarAhead() {
        ShareQueue queue = packetWith("packet", 5 * ShareQueues.STEP);
        result(queues.pop(queue, 0, 1));
        long before = queues.calls();

        int cursor = 4 * ShareQueues.STEP;
        assertThat(result(queues.pop(queue, cursor, 256))).isEqualTo(cut(queue, cursor, 256));
        assertThat(queues.calls() - before).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, BIG})
    void shouldGoOnFromTheCursorWhenAFailoverForgetsPops(int shares) {
        ShareQueue queue = packetWith("packet", shares);
        result(queues.pop(queue, 0, 100));
        var raw = client.connect(ByteArrayCodec.INSTANCE).sync();
        byte[] sharesBefore = raw.dump(bytes(key(queue, "shares")));
        byte[] poppedBefore = raw.dump(bytes(key(queue, "popped")));
        result(queues.pop(queue, 100, 100));

        raw.restore(
                bytes(key(queue, "shares")),
                sharesBefore,
                RestoreArgs.Builder.ttl(0).replace());
        raw.restore(
                bytes(key(queue, "popped")),
                poppedBefore,
                RestoreArgs.Builder.ttl(0).replace());

        assertThat(result(queues.pop(queue, 200, 50))).isEqualTo(cut(queue, 200, 50));
        assertThat(result(queues.pop(queue, 50, 150))).isEqualTo(cut(queue, 50, 150));
        assertWhole(queue);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shares", "popped"})
    void shouldLoadAgainWhenOneOfBothKeysIsEvicted(String evicted) {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue queue = packetWith("packet-" + shares, shares);
            result(queues.pop(queue, 0, 200));
            admin.del(key(queue, evicted));

            assertThat(result(queues.pop(queue, 200, 100))).isEqualTo(cut(queue, 200, 100));
            assertWhole(queue);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shares", "popped"})
    void shouldLoadAgainWhenAKeyHoldsSomethingElse(String broken) {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue queue = packetWith("packet-" + shares, shares);
            result(queues.pop(queue, 0, 200));
            admin.set(key(queue, broken), "not a list");

            assertThat(result(queues.pop(queue, 200, 100))).isEqualTo(cut(queue, 200, 100));
            assertWhole(queue);
        }
    }

    @Test
    void shouldLoadAgainWhenRedisIsFlushed() {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue queue = packetWith("packet", shares);
            result(queues.pop(queue, 0, 200));
            admin.flushall();
            assertThat(result(queues.pop(queue, 200, 100))).isEqualTo(cut(queue, 200, 100));
        }
    }

    @Test
    void shouldGoOnWhenScriptsAreFlushed() {
        ShareQueue queue = packetWith("packet", BIG);
        result(queues.pop(queue, 0, 200));
        admin.scriptFlush(FlushMode.SYNC);
        assertThat(result(queues.pop(queue, 200, 100))).isEqualTo(cut(queue, 200, 100));
        admin.scriptFlush(FlushMode.SYNC);
        result(queues.reload(queue));
        assertThat(result(queues.pop(queue, 300, 100))).isEqualTo(cut(queue, 300, 100));
    }

    @Test
    void shouldReturnTheSameWhenTwoInstancesLoadAtOnce() {
        ShareQueue queue = packetWith("packet", 200_000);
        try (RedisConnection otherConnection = RedisConnection.open(redis.address());
                ShareQueues other = new ShareQueues(otherConnection)) {
            var mine = queues.pop(queue, 0, 500);
            var others = other.pop(queue, 0, 500);
            assertThat(result(mine)).isEqualTo(cut(queue, 0, 500));
            assertThat(result(others)).isEqualTo(cut(queue, 0, 500));
        }
        assertThat(result(queues.pop(queue, 500, 500))).isEqualTo(cut(queue, 500, 500));
        assertWhole(queue);
        assertThat(loadingKeys(queue)).isEmpty();
    }

    @Test
    void shouldLoadOnceWhenPopsOfOneInstanceMeet() {
        ShareQueue queue = packetWith("packet", 200_000);
        long before = queues.loads();
        var first = queues.pop(queue, 0, 500);
        var second = queues.pop(queue, 0, 500);
        assertThat(result(first)).isEqualTo(result(second));
        assertThat(queues.loads() - before).isEqualTo(1);
    }

    @Test
    void shouldLoadWholeWhenALoadWasGivenUpHalfway() {
        ShareQueue queue = packetWith("packet", 1_000_000);
        CompletableFuture<long[]> givenUp;
        try (RedisConnection otherConnection = RedisConnection.open(redis.address());
                ShareQueues other = new ShareQueues(otherConnection)) {
            givenUp = other.pop(queue, 0, 256).toCompletableFuture();
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> !loadingKeys(queue).isEmpty());
        }
        assertThatThrownBy(givenUp::join).isNotNull();
        assertThat(admin.exists(key(queue, "shares"))).isZero();

        assertThat(result(queues.pop(queue, 999_000, 1_000))).isEqualTo(cut(queue, 999_000, 1_000));
        assertWhole(queue);
        assertThat(loadingKeys(queue)).hasSize(1).allSatisfy(abandoned -> assertThat(admin.pttl(abandoned))
                .isBetween(1L, ShareQueues.LOADING_LIFETIME.toMillis()));
    }

    @Test
    void shouldFailThenLoadWholeWhenRedisIsFlushedDuringALoad() {
        ShareQueue queue = packetWith("packet", 1_000_000);
        CompletableFuture<long[]> attempt = queues.pop(queue, 0, 256).toCompletableFuture();
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> !loadingKeys(queue).isEmpty());
        admin.flushall();

        assertThatThrownBy(attempt::join).hasMessageContaining("lost while it was loaded");
        assertThat(result(queues.pop(queue, 0, 256))).isEqualTo(cut(queue, 0, 256));
        assertWhole(queue);
    }

    /** Lettuce sends a command again after a reconnect, although the first may have run. */
    @Test
    void shouldChangeNothingWhenTheCommandsOfALoadAreRepeated() {
        ShareQueue queue = packetWith("packet", 3);
        byte[][] loading = {bytes(key(queue, "loading:1"))};
        byte[][] all = {loading[0], bytes(key(queue, "shares")), bytes(key(queue, "popped"))};
        byte[][] chunk = new byte[5][];
        chunk[0] = bytes("0");
        chunk[1] = bytes("60000");
        ShareEntries.write(queue.cut(), 0, 3, queue.tags(), chunk, 2);
        byte[][] terms = {bytes("3"), bytes("60000")};
        Script append = Script.beside(ShareQueues.class, "append.lua");
        Script publish = Script.beside(ShareQueues.class, "publish.lua");

        for (int time = 0; time < 2; time++) {
            Long length = result(append.call(connection.commands(), ScriptOutputType.INTEGER, loading, chunk));
            assertThat(length).isEqualTo(3);
        }
        result(publish.call(connection.commands(), ScriptOutputType.STATUS, all, terms));
        assertThat(result(queues.pop(queue, 1, 1))).isEqualTo(cut(queue, 1, 1));

        result(publish.call(connection.commands(), ScriptOutputType.STATUS, all, terms));
        assertThat(admin.lrange(key(queue, "popped"), 0, -1)).containsExactly(text(chunk[2]), text(chunk[3]));
        assertThat(admin.lrange(key(queue, "shares"), 0, -1)).containsExactly(text(chunk[4]));
    }

    @Test
    void shouldLoadAgainWhenAShareIsDamaged() {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue queue = packetWith("packet-" + shares, shares);
            result(queues.pop(queue, 0, 10));
            admin.lset(key(queue, "popped"), 5, "a lot");
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));
            assertWhole(queue);
        }
    }

    @Test
    void shouldGoOnPoppingButNotLoadWhenMemoryIsFull() {
        ShareQueue small = packetWith("small", 500);
        ShareQueue big = packetWith("big", BIG);
        result(queues.pop(small, 0, 10));
        result(queues.pop(big, 0, 10));
        admin.configSet("maxmemory", "1");
        try {
            assertThat(result(queues.pop(small, 10, 10))).isEqualTo(cut(small, 10, 10));
            assertThat(result(queues.pop(big, 10, 10))).isEqualTo(cut(big, 10, 10));
            for (ShareQueue fresh : List.of(packetWith("small-2", 10), packetWith("big-2", BIG))) {
                assertThatThrownBy(() -> result(queues.pop(fresh, 0, 10))).hasMessageContaining("OOM");
            }
        } finally {
            admin.configSet("maxmemory", "0");
        }
        for (ShareQueue fresh : List.of(packetWith("small-2", 10), packetWith("big-2", BIG))) {
            assertThat(result(queues.pop(fresh, 0, 10))).isEqualTo(cut(fresh, 0, 10));
        }
    }

    @Test
    void shouldFailUntilRedisIsWritableWhenItIsAReplica() {
        ShareQueue queue = packetWith("packet", 500);
        result(queues.pop(queue, 0, 10));
        admin.replicaof("127.0.0.1", 1);
        try {
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));
            assertThatThrownBy(() -> result(queues.pop(queue, 10, 10))).hasMessageContaining("READONLY");
        } finally {
            admin.replicaofNoOne();
        }
        assertThat(result(queues.pop(queue, 10, 10))).isEqualTo(cut(queue, 10, 10));
    }

    @Test
    void shouldHoldBackAStartUntilRedisTakesWritesWhenItIsFullOrAReplica() {
        admin.configSet("maxmemory", "1");
        try {
            assertThatThrownBy(() -> queues.awaitRedis(Duration.ofSeconds(1))).hasMessageContaining("OOM");
        } finally {
            admin.configSet("maxmemory", "0");
        }
        queues.awaitRedis(Duration.ofMinutes(1));

        admin.replicaof("127.0.0.1", 1);
        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> queues.awaitRedis(Duration.ofMinutes(1)));
        try {
            assertThatThrownBy(() -> queues.awaitRedis(Duration.ofSeconds(1))).hasMessageContaining("READONLY");
            assertThat(start).isNotDone();
        } finally {
            admin.replicaofNoOne();
        }
        result(start);
    }

    @Test
    void shouldLetRedisForgetWhenThePacketExpires() {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue queue = packetWith("packet-" + shares, shares);
            long leftMillis = queue.expiresAtMillis() - System.currentTimeMillis();
            result(queues.pop(queue, 0, 10));
            assertThat(admin.pttl(key(queue, "shares"))).isBetween(1L, leftMillis);
            assertThat(admin.pttl(key(queue, "popped"))).isBetween(1L, leftMillis);
        }
    }

    @Test
    void shouldKeepTheQueueForAWhileWhenItsGrabsAreReadLongAfter() {
        for (int shares : new int[] {500, BIG}) {
            ShareQueue past = Packets.queueUntil(0, "packet-" + shares, shares);
            assertThat(result(queues.pop(past, 0, 10))).isEqualTo(cut(past, 0, 10));
            assertThat(admin.pttl(key(past, "shares"))).isBetween(1L, ShareQueues.LIFETIME_AT_LEAST.toMillis());
        }
    }

    @Test
    void shouldLeaveNothingWhenAPacketIsRemoved() {
        result(queues.pop(packetWith("packet", 500), 0, 10));
        result(queues.pop(packetWith("packet-2", 500), 0, 10));
        result(queues.remove(packetWith("packet", 500)));
        assertThat(admin.keys("*"))
                .containsExactlyInAnyOrder(
                        key(packetWith("packet-2", 500), "shares"), key(packetWith("packet-2", 500), "popped"));
    }

    /**
     * Pops by several instances in any order. Some instances forget their cursor, and Redis loses queues in between.
     */
    @Test
    void shouldAlwaysReturnTheCutWhenAnythingHappensInAnyOrder() {
        long seed = Long.getLong("redpacket.seed", System.nanoTime());
        System.out.println("To repeat: -Dredpacket.seed=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        List<ShareQueue> packets = List.of(packetWith("one", 1), packetWith("small", 300), packetWith("big", 12_000));
        try (RedisConnection otherConnection = RedisConnection.open(redis.address());
                ShareQueues other = new ShareQueues(otherConnection)) {
            for (int step = 0; step < 1_000; step++) {
                ShareQueue queue = packets.get(random.nextInt(packets.size()));
                String part = random.nextBoolean() ? "shares" : "popped";
                switch (random.nextInt(30)) {
                    case 0 -> admin.flushall();
                    case 1 -> admin.del(key(queue, part));
                    case 2 -> admin.set(key(queue, part), "not a list");
                    case 3 -> admin.scriptFlush(FlushMode.SYNC);
                    case 4 -> result(queues.reload(queue));
                    case 5 -> result(other.remove(queue));
                    case 6 -> {
                        if (admin.type(key(queue, part)).equals("list")) {
                            admin.lpop(key(queue, part));
                        }
                    }
                    default -> {
                        int cursor = random.nextInt(queue.shares());
                        int n = 1 + random.nextInt(Math.min(queue.shares() - cursor, 500));
                        var mine = queues.pop(queue, cursor, n);
                        var others = other.pop(queue, cursor, n);
                        assertThat(result(mine)).as("step %d", step).isEqualTo(cut(queue, cursor, n));
                        assertThat(result(others)).as("step %d", step).isEqualTo(cut(queue, cursor, n));
                    }
                }
            }
        }
    }

    private static void assertWhole(ShareQueue queue) {
        assertThat(admin.llen(key(queue, "shares")) + admin.llen(key(queue, "popped")))
                .isEqualTo(queue.shares());
    }

    private static List<String> loadingKeys(ShareQueue queue) {
        return admin.keys(key(queue, "loading:*"));
    }

    private static String key(ShareQueue queue, String part) {
        return new String(queue.key(part), StandardCharsets.US_ASCII);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
