package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.Load;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalKafkaCluster;

/**
 * A pipeline under load, to which a test does harm. In the end all faults are healed and every claimed guarantee holds.
 */
final class Scenario implements AutoCloseable {
    private static final String SECRET = "secret of the guarantees";
    static final int GRABS_PER_SECOND = 300;

    /** Every scenario waits this long for the last closing. Longer than the outage that most faults cause. */
    static final Duration LONGEST_OPEN = Duration.ofSeconds(12);

    /** More than two processors answer. */
    private static final int SATURATING = 60_000;

    /** Kafka's defaults, where the broker of the tests has shorter times. */
    private static final Map<String, String> DEFAULT_BROKER = Map.of(
            "group.min.session.timeout.ms", "6000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000",
            "add.partitions.to.txn.retry.backoff.ms", "20");

    /** Many times what an idle machine needs. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Milliseconds. By default the controller waits 9 s for a sign of life of a broker. */
    private static final Map<String, String> QUICK_TO_SEE_DEATH =
            Map.of("broker.session.timeout.ms", "3000", "broker.heartbeat.interval.ms", "500");

    private static final Duration STALLED = Duration.ofSeconds(2);

    final Random random;
    final BreakablePipeline pipeline;
    final Load load;
    private final List<Guarantee> claimed;
    private boolean kept;

    /** Claims the guarantees of the topics. Starts when every partition answers. */
    static Scenario with(int instances) {
        return begin(Guarantees.OF_THE_TOPICS, () -> BreakablePipeline.start(SECRET, instances));
    }

    /** Like {@link #with}, behind a broker with Kafka's default times. */
    static Scenario withDefaultBroker(int instances) {
        return begin(
                Guarantees.OF_THE_TOPICS,
                () -> BreakablePipeline.startOn(LocalKafka.start(DEFAULT_BROKER), SECRET, instances));
    }

    /** Claims all guarantees, with a sink. */
    static Scenario withSink(int instances) {
        return begin(Guarantees.ALL, () -> BreakablePipeline.startWithSink(SECRET, instances));
    }

    /** Claims the guarantees of the topics, on three brokers. */
    static Scenario onThreeBrokers(int instances) {
        return begin(
                Guarantees.OF_THE_TOPICS,
                () -> BreakablePipeline.startOn(LocalKafkaCluster.start(QUICK_TO_SEE_DEATH), SECRET, instances));
    }

    private static Scenario begin(List<Guarantee> claimed, Supplier<BreakablePipeline> pipeline) {
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        Scenario scenario = new Scenario(claimed, seed, pipeline.get());
        try {
            scenario.awaitAnswersFromNow();
        } catch (RuntimeException e) {
            scenario.close();
            throw e;
        }
        return scenario;
    }

    private Scenario(List<Guarantee> claimed, long seed, BreakablePipeline pipeline) {
        this.claimed = claimed;
        this.random = new Random(seed);
        this.pipeline = pipeline;
        this.load = Load.on(pipeline.kafkaAddress(), seed, GRABS_PER_SECOND, LONGEST_OPEN);
    }

    /** Sends more grabs than the pipeline can answer, until {@link #relieve}. */
    void saturate() {
        load.send(SATURATING);
    }

    void relieve() {
        load.send(GRABS_PER_SECOND);
    }

    /** Waits for this many more answers: a moment that depends on the work done, not on the clock. */
    void awaitAnswers(long more) {
        long wanted = load.answered() + more;
        await().atMost(PATIENCE).until(() -> load.answered() >= wanted);
    }

    /** Waits until every partition has answered a grab sent after this call. Returns how long that took. */
    Duration awaitAnswersFromNow() {
        long start = System.nanoTime();
        long now = System.currentTimeMillis();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> load.isAnsweredEverywhereSince(now));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Waits until the sink has written to both the read model and the ledger. */
    void awaitSinkWrites() {
        long readModel = readModelPosition();
        long ledger = ledgerPosition();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> readModelPosition() > readModel && ledgerPosition() > ledger);
    }

    private long readModelPosition() {
        return pipeline.onRedis("local sum, hash = 0, redis.call('HGETALL', 'redpacket:view')"
                + " for i = 1, #hash, 2 do if string.find(hash[i], '^at:') then sum = sum + hash[i + 1] end end"
                + " return sum");
    }

    private long ledgerPosition() {
        try (Connection connection = pipeline.postgres().address().connect();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT sum(next_offset) FROM redpacket.positions")) {
            sum.next();
            return sum.getLong(1);
        } catch (SQLException e) {
            // The sink has not created its tables yet.
            return 0;
        }
    }

    /** Waits until answers stall because of a fault. */
    void awaitStall() {
        await().atMost(PATIENCE).until(() -> System.nanoTime() - load.lastAnswerNanos() > STALLED.toNanos());
    }

    /** Continues until the topics hold all that the claims need, then waits until everything is answered and closed. */
    void assertEverythingKept() {
        pipeline.heal();
        await("every kind of record").atMost(PATIENCE).until(load::sawEveryKindOfRecord);
        load.stop();
        assertThat(load.awaitAnswered(PATIENCE)).as("all is answered").isTrue();
        System.out.println("longest pause " + load.longestPause());
        // Statistics and the stores of a sink can only be compared when they no longer change.
        assertThat(load.awaitClosed(PATIENCE)).as("all is closed").isTrue();
        Guarantees.assertKept(claimed, Evidence.of(pipeline, SECRET, PATIENCE));
        kept = true;
    }

    @Override
    public void close() {
        if (!kept) {
            System.out.println("The logs are in " + pipeline.keepLogs());
        }
        load.close();
        pipeline.close();
    }
}
