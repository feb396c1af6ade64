package redpacket.sink.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.events.Counters;
import redpacket.events.WindowStats;
import redpacket.parts.LocalServers;
import redpacket.sink.SinkProcess;

/** After any failure of sinks and Redis, the read model equals the naive fold of the topics. */
class ReadModelIT {
    private static final int PARTITIONS = 4;
    private static final String GROUP = "sink";

    /** Time passes fast in these tests, so data must not expire. */
    private static final Retention KEEP_EVERYTHING = new Retention(Duration.ofDays(10_000), Duration.ofDays(10_000));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static LocalServers servers;
    private static RedisConnection redis;

    private final long seed = Long.getLong("redpacket.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<ReadModel> running = new ArrayList<>();
    private final Views views = new Views(redis);
    private RandomHistory history;

    @BeforeAll
    static void start() {
        servers = LocalServers.start(PARTITIONS);
        redis = RedisConnection.open(servers.redis());
    }

    @AfterAll
    static void stop() {
        redis.close();
        servers.close();
    }

    @BeforeEach
    void begin() {
        System.err.println("-Dredpacket.seed=" + seed);
        commands().flushall().toCompletableFuture().join();
        history = new RandomHistory(servers.kafka(), random);
    }

    @AfterEach
    void end() {
        running.forEach(ReadModel::close);
        history.close();
    }

    @Test
    void shouldEqualNaiveFoldWhenFollowingTopics() {
        history.randomSteps(500);
        startSink();
        history.randomSteps(500);

        awaitNaiveFold();
    }

    @Test
    void shouldNotCountAwardsTwiceWhenSinkDiedBetweenWriteAndStep() {
        history.randomSteps(400);
        history.sellOut("more-than-one-command-takes", 3 * Pipeline.MOST_AT_ONCE);
        for (int death = 0; death < 4; death++) {
            ReadModel sink = startSink();
            history.randomSteps(200);
            awaitNaiveFold();
            sink.close();
            // As if the sink had died after writing, before it moved the positions.
            fallBack();
        }
        startSink();

        awaitNaiveFold();
    }

    @Test
    void shouldEqualNaiveFoldWhenSinksAreKilledWhileWriting() throws Exception {
        for (int kill = 0; kill < 3; kill++) {
            long before = offsetsRead();
            Process sink = SinkProcess.start(servers, GROUP);
            try {
                await().atMost(PATIENCE).until(() -> {
                    history.randomSteps(100);
                    return offsetsRead() > before;
                });
            } finally {
                sink.destroyForcibly().waitFor();
            }
        }
        Process last = SinkProcess.start(servers, GROUP);
        try {
            awaitNaiveFold();
            last.destroy();
            assertThat(last.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            last.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldContinueFromOlderPositionWhenRedisLostItsNewestWrites() {
        history.randomSteps(400);
        startSink();
        awaitNaiveFold();
        Map<byte[], byte[]> old = progress();
        Map<String, byte[]> keys = dump();
        history.randomSteps(400);
        awaitNaiveFold();

        // Like a failover to a replica that lags behind.
        restore(keys);
        assertThat(progress()).hasSameSizeAs(old);

        awaitNaiveFold();
    }

    @Test
    void shouldEqualNaiveFoldWhenInstancesJoinAndLeave() {
        ReadModel first = startSink();
        history.randomSteps(300);
        startSink();
        history.randomSteps(300);
        first.close();
        history.randomSteps(300);
        startSink();
        history.randomSteps(300);

        awaitNaiveFold();
    }

    @Test
    void shouldRebuildWhenRedisIsFlushed() {
        history.randomSteps(400);
        startSink();
        awaitNaiveFold();

        commands().flushall().toCompletableFuture().join();

        awaitNaiveFold();
    }

    /** The new topics have more records than the old ones, so that all old positions exist in the new topics. */
    @Test
    void shouldRebuildWhenTopicsAreRecreatedWhileSinkRuns() throws Exception {
        history.randomSteps(200);
        startSink();
        awaitNaiveFold();
        long before = generation().number();

        recreateTopics();
        history.randomSteps(2_000);

        awaitPacketsOfAGenerationAfter(before);
    }

    /** Only the ids of the topics tell: no position is beyond the end of its partition. */
    @Test
    void shouldRebuildWhenTopicsWereRecreatedWhileNoSinkRan() throws Exception {
        history.randomSteps(200);
        startSink();
        awaitNaiveFold();
        long before = generation().number();
        running.forEach(ReadModel::close);

        recreateTopics();
        history.randomSteps(2_000);
        startSink();

        awaitPacketsOfAGenerationAfter(before);
    }

    private void recreateTopics() throws Exception {
        try (Admin admin = Admin.create(servers.kafka().clientSettings())) {
            Set<String> topics = admin.listTopics().names().get();
            admin.deleteTopics(topics).all().get();
            await().atMost(PATIENCE)
                    .until(() -> admin.listTopics().names().get().isEmpty());
            Topics.create(admin, PARTITIONS, (short) 1, Map.of());
        }
        history.close();
        history = new RandomHistory(servers.kafka(), random);
    }

    /** The windows of the old topics remain until they expire, so they are not compared. */
    private void awaitPacketsOfAGenerationAfter(long number) {
        NaiveReadModel naive = NaiveReadModel.of(servers.kafka());
        await().atMost(PATIENCE).ignoreException(NotServingException.class).untilAsserted(() -> assertPackets(naive));
        assertThat(generation().number()).isGreaterThan(number);
    }

    @Test
    void shouldServeOldGenerationUntilNewOneIsWholeWhenRebuilt() {
        history.randomSteps(400);
        ReadModel sink = startSink();
        awaitNaiveFold();
        long before = generation().number();
        String packetId = history.packetIds().get(0);
        commands().del(Keys.packet(before, packetId)).toCompletableFuture().join();

        sink.rebuild();
        await().atMost(PATIENCE).until(() -> generation().number() > before);
        while (!generation().isWhole()) {
            assertThat(views.building().serving()).isTrue();
        }

        awaitNaiveFold();
        await("old keys are removed")
                .atMost(PATIENCE)
                .until(() -> commands()
                                .exists(Keys.packet(before, history.packetIds().get(1)))
                                .toCompletableFuture()
                                .join()
                        == 0);
        awaitNaiveFold();
    }

    @Test
    void shouldRefuseToServeWhenNoGenerationIsWhole() {
        assertThatThrownBy(() -> views.packet("any")).isInstanceOf(NotServingException.class);
        assertThat(views.building()).isEqualTo(new Views.Building(false, true, 0));
    }

    /** No term of the forgotten packet may be left in the view of the new one. */
    @Test
    void shouldForgetSpecialTermsWhenPacketIdIsUsedAgain() {
        history.cancelPrizes("used-again");
        startSink();
        awaitNaiveFold();
        assertThat(views.packet("used-again").orElseThrow().status()).isEqualTo(PacketView.Status.CANCELLED);
        history.passRetention();
        history.openPlain("used-again", 5);

        awaitNaiveFold();
        PacketView packet = views.packet("used-again").orElseThrow();
        assertThat(packet.status()).isEqualTo(PacketView.Status.OPENED);
        assertThat(packet.title()).isNull();
        assertThat(packet.prizes()).isNull();
        assertThat(packet.refundedCents()).isNull();
    }

    @Test
    void shouldStartOverWhenForgottenPacketIdIsUsedAgain() {
        history.sellOut("again", 20);
        startSink();
        awaitNaiveFold();
        history.passRetention();
        history.sellOut("again", 3);
        awaitNaiveFold();
        assertThat(views.packet("again").orElseThrow().awardedShares()).isEqualTo(3);
        fallBack();

        awaitNaiveFold();
        assertThat(views.winners("again", 0, 10)).hasSize(3);
    }

    @Test
    void shouldMarkPacketIncompleteWhenRedisEvictedIt() {
        history.randomSteps(20);
        startSink();
        history.sellOut("whole", 3);
        awaitNaiveFold();
        ReadModel sink = running.get(0);
        String evicted = openPacketWithWinners();
        forgetWinners(evicted);

        await().atMost(PATIENCE).until(() -> {
            history.randomSteps(20);
            return !views.packet(evicted).orElseThrow().complete()
                    || views.packet(evicted).orElseThrow().status() != PacketView.Status.OPENED;
        });
        sink.rebuild();

        awaitNaiveFold();
    }

    @Test
    void shouldReportPacketIncompleteWhenAnyRangeOfItsWinnersIsMissing() {
        int shares = 6;
        startSink();
        history.sellOut("forgotten", shares);
        awaitNaiveFold();

        // A missing range at the end cannot be detected.
        for (int from = 0; from < shares - 1; from++) {
            for (int to = from + 1; to < shares; to++) {
                assertThat(without("forgotten", from, to).complete())
                        .as("without winners from %d to %d", from, to - 1)
                        .isFalse();
            }
        }
        awaitNaiveFold();
    }

    @Test
    void shouldReportLargePacketIncompleteWhenThousandthOfItsWinnersIsMissing() {
        int shares = 5_000;
        startSink();
        history.sellOut("big", shares);
        awaitNaiveFold();
        PacketView whole = views.packet("big").orElseThrow();

        for (int round = 0; round < 20; round++) {
            int from = random.nextInt(shares - 10);
            PacketView packet = without("big", from, from + shares / 1_000);

            assertThat(packet.complete()).as("without winners from %d on", from).isFalse();
            assertThat(packet.awardedCents()).isEqualTo(whole.awardedCents());
        }
        awaitNaiveFold();
    }

    /** The view of a packet while some of its winners are missing in Redis. */
    private PacketView without(String packetId, int from, int to) {
        byte[] winners = winnersOf(packetId);
        Map<byte[], byte[]> all =
                commands().hgetall(winners).toCompletableFuture().join();
        commands()
                .hdel(winners, fieldsOfWinners(packetId, from, to))
                .toCompletableFuture()
                .join();
        PacketView packet = views.packet(packetId).orElseThrow();
        commands().hset(winners, all).toCompletableFuture().join();
        return packet;
    }

    @Test
    void shouldFindWinnersWhenPacketIsOpenOverMidnight() {
        history.open("midnight", 9).win(3);
        ReadModel sink = startSink();
        awaitNaiveFold();
        history.passMidnight();
        history.win(3);
        awaitNaiveFold();
        sink.close();
        // The new sink must find the previous winner in the keys of an earlier day.
        startSink();
        history.passMidnight();
        history.win(2);

        awaitNaiveFold();
        assertThat(views.packet("midnight").orElseThrow())
                .matches(PacketView::complete)
                .matches(packet -> packet.awardedShares() == 8);
        assertThat(views.winners("midnight", 2, 5)).hasSize(5);
    }

    @Test
    void shouldPageThroughAwardsOfUserWhenTheySpanManyDays() {
        startSink();
        for (int day = 0; day < 3; day++) {
            history.randomSteps(200);
            history.passRetention();
        }
        awaitNaiveFold();
        List<Award> all = NaiveReadModel.of(servers.kafka()).users().get(RandomHistory.user(1));

        List<Award> paged = new ArrayList<>();
        String after = null;
        for (List<Award> page = views.awards(RandomHistory.user(1), null, 7);
                !page.isEmpty();
                page = views.awards(RandomHistory.user(1), after, 7)) {
            paged.addAll(page);
            after = page.get(page.size() - 1).cursor();
        }

        assertThat(paged).isEqualTo(all).hasSizeGreaterThan(7);
    }

    private void forgetWinners(String packetId) {
        commands()
                .hdel(winnersOf(packetId), fieldsOfWinners(packetId, 0, 100))
                .toCompletableFuture()
                .join();
    }

    /** The key of the winners of a packet. The packet must have been grabbed on the day of its opening only. */
    private byte[] winnersOf(String packetId) {
        long openedAtMillis = views.packet(packetId).orElseThrow().openedAtMillis();
        return Keys.winners(generation().number(), Keys.bucketOf(packetId), Keys.dayStartMillis(openedAtMillis));
    }

    private static byte[][] fieldsOfWinners(String packetId, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(index -> Utf8.bytes(Keys.winner(packetId, index)))
                .toArray(byte[][]::new);
    }

    /** Writes random steps until there is such a packet. */
    private String openPacketWithWinners() {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            history.randomSteps(100);
                            awaitNaiveFold();
                            return history.packetIds().stream()
                                    .filter(packetId -> isOpenWithWinners(packetId))
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void shouldKeepHigherRevisionWhenLowerOneArrivesLater() {
        long start = 1_800_000_000_000L + random.nextInt(1_000) * 1_000L;
        startSink();
        history.send(window("campaign/late", start, 5)).send(window("campaign/late", start, 3));
        awaitNaiveFold();
        fallBack();
        history.send(window("campaign/late", start, 4));

        awaitNaiveFold();
        assertThat(views.windows("campaign/late", 1)).containsExactly(window("campaign/late", start, 5));
    }

    @Test
    void shouldKeepCurrentWindowsWhenAnotherIsDatedInTheFuture() {
        String scope = "campaign/clock";
        Duration kept = Duration.ofDays(1);
        long now = System.currentTimeMillis() / 1_000 * 1_000;
        long future = now + 30 * kept.toMillis();
        running.add(ReadModel.start(servers.kafka(), redis, GROUP, new Retention(KEEP_EVERYTHING.packets(), kept)));

        history.send(window(scope, now - 1_000, 1))
                .send(window(scope, future, 1))
                .send(window(scope, now, 1));

        await().atMost(PATIENCE).ignoreException(NotServingException.class).untilAsserted(() -> assertThat(
                        views.windows(scope, 3))
                .containsExactly(window(scope, future, 1), window(scope, now, 1), window(scope, now - 1_000, 1)));
    }

    private static WindowStats window(String scope, long startMillis, long revision) {
        Counters counters = Counters.of(counter -> switch (counter) {
            case GRABS, SOLD_OUT -> revision;
            default -> 0;
        });
        return new WindowStats(scope, startMillis, 1_000, revision, true, counters);
    }

    private boolean isOpenWithWinners(String packetId) {
        PacketView packet = views.packet(packetId).orElseThrow();
        return packet.status() == PacketView.Status.OPENED && packet.awardedShares() > 0 && packet.sharesLeft() > 0;
    }

    private ReadModel startSink() {
        ReadModel sink = ReadModel.start(servers.kafka(), redis, GROUP, KEEP_EVERYTHING);
        running.add(sink);
        return sink;
    }

    private void awaitNaiveFold() {
        NaiveReadModel naive = NaiveReadModel.of(servers.kafka());
        await().atMost(PATIENCE).ignoreException(NotServingException.class).untilAsserted(() -> {
            assertPackets(naive);
            naive.users().forEach((userId, awards) -> assertThat(views.awards(userId, null, 1_000_000))
                    .isEqualTo(awards));
            naive.windows().forEach((scope, windows) -> {
                if (!scope.equals("campaign/late")) {
                    assertThat(views.windows(scope, 1_000_000)).isEqualTo(windows);
                }
            });
        });
        assertThat(views.awards("nobody", null, 1)).isEmpty();
    }

    private void assertPackets(NaiveReadModel naive) {
        naive.packets().forEach((packetId, packet) -> {
            assertThat(views.packet(packetId)).contains(packet);
            assertThat(views.winners(packetId, 0, 1_000_000)).isEqualTo(naive.winners(packetId));
        });
    }

    /** Sets each position back to a random earlier one. */
    private void fallBack() {
        generation().positions().forEach((partition, position) -> {
            long at = position.from() + random.nextLong(position.at() - position.from() + 1);
            commands()
                    .hset(Utf8.bytes(Keys.PROGRESS), Utf8.bytes("at:" + partition), Utf8.bytes(at))
                    .toCompletableFuture()
                    .join();
        });
    }

    private static long offsetsRead() {
        return new Progress(redis)
                .load().toCompletableFuture().join().stream()
                        .flatMap(generation -> generation.positions().values().stream())
                        .mapToLong(position -> position.at() - position.from())
                        .sum();
    }

    private Generation generation() {
        return new Progress(redis).load().toCompletableFuture().join().orElseThrow();
    }

    private static Map<byte[], byte[]> progress() {
        return commands()
                .hgetall(Utf8.bytes(Keys.PROGRESS))
                .toCompletableFuture()
                .join();
    }

    private static Map<String, byte[]> dump() {
        Map<String, byte[]> keys = new HashMap<>();
        for (byte[] key : commands().keys("*").toCompletableFuture().join()) {
            keys.put(Utf8.text(key), commands().dump(key).toCompletableFuture().join());
        }
        return keys;
    }

    /** Atomic, like a failover: a sink must not see a part of the keys. */
    private static void restore(Map<String, byte[]> keys) {
        String script = "redis.call('FLUSHALL') "
                + "for i = 1, #KEYS do redis.call('RESTORE', KEYS[i], 0, ARGV[i]) end return 1";
        byte[][] names = keys.keySet().stream().map(Utf8::bytes).toArray(byte[][]::new);
        byte[][] values = keys.values().toArray(byte[][]::new);
        commands()
                .eval(script, ScriptOutputType.INTEGER, names, values)
                .toCompletableFuture()
                .join();
    }

    private static RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return redis.commands();
    }
}
