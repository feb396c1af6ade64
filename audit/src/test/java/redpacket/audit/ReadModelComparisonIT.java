package redpacket.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static redpacket.audit.HistoryWriter.KNOWN;
import static redpacket.audit.HistoryWriter.OPENED;
import static redpacket.audit.HistoryWriter.bytes;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.events.Counters;
import redpacket.events.WindowStats;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalRedis;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;

/** Plants one difference in a correct read model, and expects the comparison to find exactly this difference. */
class ReadModelComparisonIT {
    private static final AuditOptions AT_ONCE = AuditOptions.STRICT.withPatience(Duration.ZERO);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long WINDOW_MILLIS = 10_000;

    /** The records of the tests are from long ago. */
    private static final Retention FOR_EVER = new Retention(Duration.ofDays(45), Duration.ofDays(100_000));

    private static LocalKafka kafka;
    private static LocalRedis server;
    private static RedisConnection redis;
    private static HistoryWriter sold;
    private static HistoryWriter open;

    /** An empty window of today, which must not be missing. */
    private static final long TODAY = WindowStats.windowStartMillis(System.currentTimeMillis(), WINDOW_MILLIS);

    private String generation;

    /** A packet that is sold out to three users, an open packet with one winner, and their windows. */
    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start();
        server = LocalRedis.start();
        redis = RedisConnection.open(server.address());
        HistoryWriter.layOut(kafka.address(), 2);
        sold = new HistoryWriter(kafka.address(), 0, 2, "spring").withPacket().withWinners();
        sold.soldOut();
        open = new HistoryWriter(kafka.address(), 1, 2, null).withPacket();
        open.win("dora", 0, KNOWN + 1);
        long openCents = open.cut.get(0).cents();
        sold.stats(window("all", OPENED, 1, counting(4, 100 + openCents, 2, 1)));
        sold.stats(window("campaign/spring", OPENED, 1, counting(3, 100, 1, 1)));
        sold.stats(window("all", TODAY, 1, Counters.NONE));
    }

    private static Counters counting(long awarded, long awardedCents, long packetsOpened, long packetsSoldOut) {
        return Counters.of(counter -> switch (counter) {
            case GRABS, AWARDED -> awarded;
            case AWARDED_CENTS -> awardedCents;
            case PACKETS_OPENED -> packetsOpened;
            case PACKETS_SOLD_OUT -> packetsSoldOut;
            default -> 0;
        });
    }

    private static WindowStats window(String scope, long startMillis, long revision, Counters counters) {
        return new WindowStats(scope, startMillis, WINDOW_MILLIS, revision, true, counters);
    }

    @AfterAll
    static void stop() {
        sold.close();
        open.close();
        redis.close();
        server.close();
        kafka.close();
    }

    @BeforeEach
    void build() {
        redis(commands -> commands.flushall());
        ReadModel sink = ReadModel.start(kafka.address(), redis, "sink", FOR_EVER);
        try {
            await().atMost(PATIENCE).until(() -> report().readModel().windows() == 3);
        } finally {
            sink.close();
        }
        byte[] serving = redis(commands -> commands.hget(bytes("redpacket:view"), bytes("serving")));
        generation = new String(serving, UTF_8);
    }

    @Test
    void shouldFindNothingWhenReadModelIsRight() {
        Report report = report();

        assertThat(report.violations()).isEmpty();
        assertThat(report.readModel()).isEqualTo(new Report.ReadModel(2, 4, 3, 0, "Compared with the topics."));
    }

    @Test
    void shouldFindMissingViewWhenItWasEvicted() {
        redis(commands -> commands.del(bytes(view(open))));

        assertThat(differences()).containsExactly("MISSING_IN_READ_MODEL redpacket.packets-1@0 " + open.packetId);
    }

    @Test
    void shouldFindMissingWinnerWhenOneWasForgotten() {
        redis(commands -> commands.hdel(winners(open), bytes(open.packetId + "/0")));

        assertThat(differences()).containsExactly("MISSING_IN_READ_MODEL redpacket.awards-1@0 " + open.packetId);
    }

    @Test
    void shouldFindMissingAwardWhenUserDoesNotHaveIt() {
        redis(commands -> commands.zrem(users("bert"), bytes(entry(sold, 1, "bert", KNOWN + 2))));

        assertThat(differences()).containsExactly("MISSING_IN_READ_MODEL redpacket.awards-0@1 " + sold.packetId);
    }

    @Test
    void shouldFindMissingWindowWhenItIsOfToday() {
        redis(commands -> commands.del(bytes("redpacket:stats:all:" + TODAY)));

        assertThat(sentences()).hasSize(1).allMatch(sentence -> sentence.endsWith("but is missing."));
    }

    @Test
    void shouldNameTheDifferenceWhenCentsAreChanged() {
        redis(commands -> commands.hincrby(bytes(view(sold)), bytes("awardedCents"), 1));

        assertThat(sentences()).containsExactly("In Redis awardedCents should be \"100\", but is \"101\".");
    }

    @Test
    void shouldFindDifferenceWhenWinnersAreExchanged() {
        String eve = "eve g-eve " + sold.cut.get(1).cents() + ' ' + (KNOWN + 2);
        redis(commands -> commands.hset(winners(sold), bytes(sold.packetId + "/1"), bytes(eve)));

        assertThat(differences()).containsExactly("DIFFERENT_IN_READ_MODEL redpacket.awards-0@1 " + sold.packetId);
        assertThat(sentences().get(0))
                .startsWith("Winner 1 in Redis should be \"bert ")
                .contains(eve);
    }

    @Test
    void shouldFindDifferenceWhenCentsSoFarAreChanged() {
        byte[] third = bytes(sold.packetId + "/2");
        String right = new String(redis(commands -> commands.hget(winners(sold), third)), UTF_8);
        redis(commands -> commands.hset(winners(sold), third, bytes(right.replace(" 100 ", " 101 "))));

        assertThat(differences()).containsExactly("DIFFERENT_IN_READ_MODEL redpacket.awards-0@2 " + sold.packetId);
    }

    @Test
    void shouldFindDifferenceWhenTimeOfAnAwardIsChanged() {
        redis(commands -> commands.zrem(users("anna"), bytes(entry(sold, 0, "anna", KNOWN + 1))));
        redis(commands -> commands.zadd(users("anna"), 0, bytes(entry(sold, 0, "anna", KNOWN + 9))));

        assertThat(differences()).containsExactly("MISSING_IN_READ_MODEL redpacket.awards-0@0 " + sold.packetId);
    }

    @Test
    void shouldFindDifferenceWhenCounterIsChanged() {
        redis(commands ->
                commands.hincrby(bytes("redpacket:stats:campaign/spring:" + OPENED), bytes("awardedCents"), -1));

        assertThat(sentences())
                .hasSize(1)
                .allMatch(sentence -> sentence.startsWith("redpacket:stats:campaign/spring:" + OPENED + " should be"));
    }

    @Test
    void shouldFindEntriesWithoutARecordWhenTheyAreInvented() {
        redis(commands ->
                commands.hset(bytes("redpacket:view:" + generation + ":{gift}"), bytes("openedAtMillis"), bytes("1")));
        redis(commands -> commands.zadd(users("cleo"), 0, bytes("cleo " + KNOWN + " gift 0 1000 g-gift")));
        redis(commands -> commands.hset(winners(open), bytes(open.packetId + "/1"), bytes("eve g-eve 5 1")));

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "ONLY_IN_READ_MODEL redpacket.packets--1@-1 gift",
                        "ONLY_IN_READ_MODEL redpacket.packets--1@-1 null",
                        "ONLY_IN_READ_MODEL redpacket.packets--1@-1 null");
        assertThat(sentences())
                .contains(
                        "Redis has 2 awards in " + new String(users("cleo"), UTF_8) + ", but the topic has 1 of them.",
                        "Redis has 2 awards in " + new String(winners(open), UTF_8) + ", but the topic has 1 of them.");
    }

    @Test
    void shouldReportLagWhenSinkLags() {
        redis(commands -> commands.del(bytes(view(open))));
        redis(commands -> commands.hset(bytes("redpacket:view"), bytes("at:redpacket.awards-0"), bytes("1")));

        assertThat(differences()).isEmpty();
        assertThat(report().readModel())
                .isEqualTo(new Report.ReadModel(0, 0, 0, 2, "Not compared: the sink is behind."));
    }

    @Test
    void shouldReportEverythingAsLagWhenNothingIsServed() {
        redis(commands -> commands.flushall());

        assertThat(differences()).isEmpty();
        assertThat(report().readModel().lag()).isEqualTo(10);
    }

    private static Report report() {
        return Audit.run(kafka.address(), AT_ONCE, SinkStores.readModel(server.address()));
    }

    private static List<String> differences() {
        return Differences.of(report());
    }

    private static List<String> sentences() {
        return report().violations().stream().map(Violation::sentence).toList();
    }

    private String view(HistoryWriter history) {
        return "redpacket:view:" + generation + ":{" + history.packetId + "}";
    }

    private byte[] winners(HistoryWriter history) {
        return bytes("redpacket:winners:" + bucketOfDay(history.packetId));
    }

    private byte[] users(String userId) {
        return bytes("redpacket:users:" + bucketOfDay(userId));
    }

    private String bucketOfDay(String id) {
        long dayStartMillis = KNOWN - KNOWN % Duration.ofDays(1).toMillis();
        return "%s:{%d}:%d".formatted(generation, SlotHash.getSlot(id) % 128, dayStartMillis);
    }

    private static String entry(HistoryWriter history, int index, String userId, long grabbedAtMillis) {
        return userId + ' ' + grabbedAtMillis + ' ' + history.packetId + ' ' + index + ' '
                + history.cut.get(index).cents() + " g-" + userId;
    }

    private static <T> T redis(Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        return command.apply(redis.commands()).toCompletableFuture().join();
    }
}
