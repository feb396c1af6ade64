package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.Load;

/** A busy pipeline to be broken. At the end everything is healed, and every {@link Guarantee} must have been kept. */
final class Scenario implements AutoCloseable {
    private static final String SECRET = "secret of the guarantees";
    private static final int GRABS_PER_SECOND = 300;

    /** Many times what it takes on a free machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration STALLED = Duration.ofSeconds(2);

    final Random random;
    final BreakablePipeline pipeline;
    final Load load;
    private boolean kept;

    /** Begins when every partition answers. */
    static Scenario with(int instances) {
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        Scenario scenario = new Scenario(seed, instances);
        try {
            scenario.awaitAnswersFromNow();
        } catch (RuntimeException e) {
            scenario.close();
            throw e;
        }
        return scenario;
    }

    private Scenario(long seed, int instances) {
        random = new Random(seed);
        pipeline = BreakablePipeline.start(SECRET, instances);
        load = Load.on(pipeline.kafkaAddress(), seed, GRABS_PER_SECOND);
    }

    /** Until so many more grabs are answered: a moment that depends on the work done, not on the clock. */
    void awaitAnswers(long more) {
        long wanted = load.answered() + more;
        await().atMost(PATIENCE).until(() -> load.answered() >= wanted);
    }

    /** Until in every partition a grab is answered that came after this call; returns how long that took. */
    Duration awaitAnswersFromNow() {
        long start = System.nanoTime();
        long now = System.currentTimeMillis();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> load.isAnsweredEverywhereSince(now));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Until a fault is felt. */
    void awaitStall() {
        await().atMost(PATIENCE).until(() -> System.nanoTime() - load.lastAnswerNanos() > STALLED.toNanos());
    }

    void assertEverythingKept() {
        pipeline.heal();
        load.stop();
        assertThat(load.awaitAnswered(PATIENCE)).as("all is answered").isTrue();
        System.out.println("longest pause " + load.longestPause());
        Guarantees.assertKept(pipeline.kafkaAddress(), SECRET, PATIENCE);
        kept = true;
    }

    @Override
    public void close() {
        if (!kept) {
            System.out.println("What the instances said is in " + pipeline.keepLogs());
        }
        load.close();
        pipeline.close();
    }
}
