package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.result;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;

/** A reader returns the shares in the order of the cut. It waits for Redis, and fails after its patience. */
class ShareReaderIT {
    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(300);

    private LocalRedis redis;
    private RedisClient client;
    private RedisConnection connection;
    private ShareQueues queues;

    @BeforeEach
    void start() {
        redis = LocalRedis.start();
        client = RedisClient.create(redis.address().uri());
        connection = RedisConnection.open(redis.address());
        queues = new ShareQueues(connection);
    }

    @AfterEach
    void stop() {
        queues.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        redis.close();
    }

    @Test
    void shouldGiveAMillionSharesInOrderWhenTheyAreReadOneByOne() {
        ShareQueue queue = packetWith("packet", 1_000_000);
        assertThat(read(queue, 0, queue.shares())).isEqualTo(queue.cut());

        int steps = queue.shares() / ShareQueues.STEP;
        // The first pop finds no queue. The queue is then appended in steps, published, and popped in blocks.
        assertThat(queues.calls()).isEqualTo(1 + steps + 1 + queues.blocks());
        // This reads faster than Redis delivers, so the reader waits several times, and requests longer blocks.
        assertThat(queues.blocks())
                .isBetween(blocksOf(ShareReader.LONGEST_BLOCK, queue), blocksOf(ShareReader.BLOCK, queue) / 2);
        assertThat(queues.loads()).isEqualTo(1);
        assertWhole(queue);
    }

    @Test
    void shouldCostOneCallWhenThePacketIsSmall() {
        ShareQueue queue = packetWith("packet", 10);
        assertThat(read(queue, 0, 10)).isEqualTo(queue.cut());
        assertThat(queues.calls()).isEqualTo(1);
    }

    @Test
    void shouldAskForTheNextBlockOnlyWhenHalfOfTheBlockIsGone() {
        ShareReader reader = reader(packetWith("packet", 1_000), 0, PATIENT);
        reader.prefetch();
        reader.prefetch();
        for (int i = 0; i < ShareReader.BLOCK / 2; i++) {
            reader.shareAt(i);
        }
        assertThat(queues.blocks()).isEqualTo(1);
        for (int i = ShareReader.BLOCK / 2; i < ShareReader.BLOCK; i++) {
            reader.shareAt(i);
        }
        assertThat(queues.blocks()).isEqualTo(2);
    }

    @Test
    void shouldNotWaitWhenTheBlockWasPrefetched() {
        ShareReader reader = reader(packetWith("packet", 10), 0, PATIENT);
        reader.prefetch();
        await().atMost(PATIENT)
                .until(() -> result(connection.ping().thenApply(pong -> true))); // answered in order, after the block
        reader.shareAt(0);
        assertThat(queues.waits()).isZero();
    }

    @Test
    void shouldAskOnlyAtNeedWhenRedisHasMoreToDoThanItCan() {
        redis.pause();
        List<ShareReader> readers = IntStream.range(0, 10_000)
                .mapToObj(i -> reader(packetWith("packet-" + i, 2), 0, PATIENT))
                .toList();
        readers.forEach(ShareReader::prefetch);
        assertThat(queues.calls()).isBetween(1L, 5_000L);
        redis.resume();
        readers.forEach(
                reader -> assertThat(reader.shareAt(0) + reader.shareAt(1)).isEqualTo(200));
    }

    @Test
    void shouldGoOnFromTheCursorWhenTheReaderIsANewOne() {
        ShareQueue queue = packetWith("packet", 5_000);
        read(queue, 0, 700);
        assertThat(read(queue, 600, 4_400)).isEqualTo(Packets.cut(queue, 600, 4_400));
    }

    @Test
    void shouldWaitAndGoOnWhenRedisIsKilledAndComesBackEmpty() {
        ShareQueue queue = packetWith("packet", 30_000);
        ListAppender<ILoggingEvent> log = logOfOutages();
        CompletableFuture<long[]> reading = CompletableFuture.supplyAsync(() -> {
            long[] first = read(queue, 0, 10_000);
            redis.kill();
            // Read beyond what is prefetched, so that the reader must wait.
            CompletableFuture<Void> back = CompletableFuture.runAsync(() -> {
                await().atMost(PATIENT).until(() -> !log.list.isEmpty());
                redis.restart();
            });
            long[] rest = read(queue, 10_000, 20_000);
            back.join();
            return concatenated(first, rest);
        });
        assertThat(reading.join()).isEqualTo(queue.cut());
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        waiting -> assertThat(waiting).startsWith("Waiting for Redis: "), over -> assertThat(over)
                                .startsWith("Redis answers again after ")
                                .endsWith("1 waited"));
        assertWhole(queue);
    }

    @Test
    void shouldStartWhileRedisIsAwayAndGoOnWhenItComes() {
        redis.kill();
        ShareQueue queue = packetWith("packet", 500);
        try (RedisConnection early = RedisConnection.open(redis.address());
                ShareQueues earlyQueues = new ShareQueues(early)) {
            assertThatThrownBy(() -> new ShareReader(earlyQueues, queue, 0, new Patience(IMPATIENT)).shareAt(0))
                    .isInstanceOf(SharesUnavailableException.class)
                    .hasMessageContaining("Connection refused");

            ShareReader patient = new ShareReader(earlyQueues, queue, 0, new Patience(PATIENT));
            patient.prefetch();
            redis.restart();
            assertThat(patient.shareAt(0)).isEqualTo(queue.cut()[0]);
        }
    }

    @Test
    void shouldGiveUpAfterItsPatienceAndGoOnLaterWhenRedisStalls() {
        ShareQueue queue = packetWith("packet", 500);
        ShareReader reader = reader(queue, 0, IMPATIENT);
        reader.shareAt(0);
        redis.pause();
        ShareReader stalled = reader(queue, 100, IMPATIENT);
        assertThatThrownBy(() -> stalled.shareAt(100)).isInstanceOf(SharesUnavailableException.class);
        redis.resume();
        await().atMost(PATIENT)
                .untilAsserted(() -> assertThat(stalled.shareAt(100)).isEqualTo(queue.cut()[100]));
    }

    /** All grabs of a transaction together: each of these would wait for an hour. */
    @Test
    void shouldNotWaitAgainWhenThePatienceIsUsedUp() {
        Duration hour = Duration.ofHours(1);
        Patience patience = new Patience(hour);
        ShareQueue atHand = packetWith("at-hand", 500);
        ShareReader readerAtHand = new ShareReader(queues, atHand, 0, patience);
        readerAtHand.shareAt(0);
        assertThat(patience.isStrained()).isFalse();
        redis.pause();

        patience.spend(hour.toNanos());
        assertThat(patience.isStrained()).isTrue();
        for (int i = 0; i < 100; i++) {
            ShareReader reader = new ShareReader(queues, packetWith("packet-" + i, 500), 0, patience);
            assertThatThrownBy(() -> reader.shareAt(0)).isInstanceOf(SharesUnavailableException.class);
        }
        long[] cut = atHand.cut();
        for (int i = 1; i < ShareReader.BLOCK; i++) {
            assertThat(readerAtHand.shareAt(i)).isEqualTo(cut[i]);
        }

        redis.resume();
        patience.renew();
        assertThat(readerAtHand.shareAt(ShareReader.BLOCK)).isEqualTo(cut[ShareReader.BLOCK]);
    }

    @Test
    void shouldSpendThePatienceThatItsWaitsTake() {
        redis.pause();
        Patience patience = new Patience(IMPATIENT);
        ShareReader reader = new ShareReader(queues, packetWith("packet", 10), 0, patience);
        assertThatThrownBy(() -> reader.shareAt(0))
                .isInstanceOf(SharesUnavailableException.class)
                .hasMessageContaining("300 ms");
        assertThat(patience.leftNanos()).isZero();
    }

    /** Each of these waits would take an hour. */
    @Test
    void shouldStopWaitingWhenTheTopologyStops() {
        redis.pause();
        Duration hour = Duration.ofHours(1);
        CompletableFuture<Void> grab = CompletableFuture.runAsync(
                () -> reader(packetWith("packet", 10), 0, hour).shareAt(0));
        CompletableFuture<Void> start = CompletableFuture.runAsync(() -> queues.awaitRedis(hour));
        await().atMost(PATIENT).until(() -> queues.waits() == 1 && queues.calls() >= 2);

        queues.stopWaiting();
        assertThatThrownBy(() -> grab.get(PATIENT.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(SharesUnavailableException.class);
        assertThatThrownBy(() -> start.get(PATIENT.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(SharesUnavailableException.class);
    }

    /** So that the grabs under way can be finished and committed. */
    @Test
    void shouldStillDeliverAtOnceWhenTheTopologyStopsAndRedisAnswers() {
        queues.stopWaiting();
        assertThat(read(packetWith("packet", 1_000), 0, 1_000))
                .isEqualTo(packetWith("packet", 1_000).cut());
        queues.awaitRedis(PATIENT);
    }

    @Test
    void shouldFinishTheLoadWhenTheReaderLostPatienceWithIt() {
        ShareQueue queue = packetWith("packet", 1_000_000);
        Patience patience = new Patience(Duration.ofNanos(1));
        ShareReader reader = new ShareReader(queues, queue, 0, patience);
        await().atMost(PATIENT)
                .ignoreException(SharesUnavailableException.class)
                .untilAsserted(() -> assertThat(reader.shareAt(0)).isEqualTo(queue.cut()[0]));
        assertThat(queues.loads()).isEqualTo(1);
    }

    @Test
    void shouldStopWaitingWhenItsThreadIsInterrupted() {
        redis.kill();
        ShareReader reader = reader(packetWith("packet", 10), 0, PATIENT);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> reader.shareAt(0))
                .isInstanceOf(SharesUnavailableException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void shouldGiveEveryShareOnceWhenConnectionsAreCutAllTheTime() {
        ShareQueue queue = packetWith("packet", 20_000);
        RedisAsyncCommands<String, String> admin = client.connect().async();
        ShareReader reader = reader(queue, 0, PATIENT);
        long[] shares = new long[queue.shares()];
        List<RedisFuture<Long>> cuts = new ArrayList<>();
        for (int i = 0; i < shares.length; i++) {
            shares[i] = reader.shareAt(i);
            // The next block has just been requested: the connection is cut before, within or after the answer.
            if (i % (4 * ShareReader.BLOCK) == ShareReader.BLOCK / 2) {
                cuts.add(admin.clientKill(KillArgs.Builder.typeNormal().skipme()));
            }
        }
        assertThat(shares).isEqualTo(queue.cut());
        assertThat(cuts).anySatisfy(cut -> assertThat(result(cut)).isPositive());
        assertWhole(queue);
    }

    @Test
    void shouldGiveTheRightSharesWhenTheQueueIsDamaged() {
        ShareQueue queue = packetWith("packet", 5_000);
        RedisCommands<String, String> admin = client.connect().sync();
        ShareReader reader = reader(queue, 0, PATIENT);
        reader.shareAt(0);
        admin.lset(key(queue, "shares"), 0, "999999999");
        long[] cut = queue.cut();
        for (int i = 1; i < queue.shares(); i++) {
            assertThat(reader.shareAt(i)).isEqualTo(cut[i]);
        }
        assertThat(queues.damaged()).isEqualTo(1);
        assertWhole(queue);
    }

    private static long blocksOf(int length, ShareQueue queue) {
        return (queue.shares() + length - 1L) / length;
    }

    private ShareReader reader(ShareQueue queue, int cursor, Duration patience) {
        return new ShareReader(queues, queue, cursor, new Patience(patience));
    }

    private long[] read(ShareQueue queue, int cursor, int n) {
        ShareReader reader = reader(queue, cursor, PATIENT);
        reader.prefetch();
        long[] shares = new long[n];
        for (int i = 0; i < n; i++) {
            shares[i] = reader.shareAt(cursor + i);
        }
        return shares;
    }

    private void assertWhole(ShareQueue queue) {
        RedisCommands<String, String> admin = client.connect().sync();
        assertThat(admin.llen(key(queue, "shares")) + admin.llen(key(queue, "popped")))
                .isEqualTo(queue.shares());
    }

    private static String key(ShareQueue queue, String part) {
        return new String(queue.key(part), StandardCharsets.US_ASCII);
    }

    private static long[] concatenated(long[] first, long[] rest) {
        long[] all = Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    private static ListAppender<ILoggingEvent> logOfOutages() {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.list = new CopyOnWriteArrayList<>();
        appender.start();
        ((Logger) LoggerFactory.getLogger(Outage.class)).addAppender(appender);
        return appender;
    }
}
