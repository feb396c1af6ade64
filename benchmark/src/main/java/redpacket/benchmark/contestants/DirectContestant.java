package redpacket.benchmark.contestants;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import redpacket.benchmark.figures.Cpu;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Memory;
import redpacket.benchmark.figures.Steps;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.AnswerCheck;
import redpacket.benchmark.load.Arrivals;
import redpacket.benchmark.load.Workload;
import redpacket.benchmark.load.WrongAnswersException;
import redpacket.events.AwardResult;
import redpacket.events.Grab;

/**
 * A solution on a database alone, without Kafka. The process that grabs gets the answer, and no other process does.
 *
 * @param grabsOfHundred percentage of the grabs that it gets
 */
record DirectContestant(String name, String idea, int grabsOfHundred, Entry entry) implements TimedContestant {
    /** Grabs that wait for their answers at the same time: enough that none of these contestants runs dry. */
    private static final int IN_FLIGHT = 20_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Connects to the database, or starts it. */
    interface Entry {
        Entrant enter(Ground ground);
    }

    /** A client of the database, for one run. */
    interface Entrant extends AutoCloseable {
        /** Opens all packets. */
        void open(Workload workload);

        /** Returns at once. The answer comes in a thread of the client. */
        CompletionStage<AwardResult> grab(Grab grab);

        default long redisCalls() {
            return 0;
        }

        @Override
        void close();
    }

    @Override
    public int grabs(int asked) {
        return Math.max(1000, (int) (asked / 100L * grabsOfHundred));
    }

    @Override
    public Measured run(Workload workload, Setup setup) {
        try (Ground ground = Ground.start(1, setup);
                Entrant entrant = entry.enter(ground)) {
            entrant.open(workload);
            System.gc();
            Answers answers = new Answers();
            long started = System.nanoTime();
            workload.grabStream().forEach(grab -> answers.take(entrant.grab(grab), answer -> {}));
            answers.awaitAll();
            long nanos = System.nanoTime() - started;
            answers.check(workload);
            return new Measured(
                    workload.grabs(),
                    nanos,
                    nanos,
                    entrant.redisCalls(),
                    new Cpu(0, 0, ground.cpu().redis(), 0),
                    Memory.now());
        }
    }

    @Override
    public Latency latency(Workload workload, int perSecond, int settling) {
        try (Ground ground = Ground.start(1, Setup.PLAIN);
                Entrant entrant = entry.enter(ground)) {
            entrant.open(workload);
            System.gc();
            Answers answers = new Answers();
            Arrivals arrivals = Arrivals.at(perSecond, settling);
            arrivals.send(
                    workload,
                    grab -> answers.take(entrant.grab(grab), answer -> {
                        // Answers come in several threads.
                        synchronized (arrivals) {
                            arrivals.answered(Workload.numberOf(answer.grabId()), System.nanoTime());
                        }
                    }));
            answers.awaitAll();
            answers.check(workload);
            return new Latency(
                    this, perSecond, arrivals.waits(), arrivals.lateness(), new Steps(), arrivals.gcMillis());
        }
    }

    /** Limits the grabs in flight, and collects the answers. */
    private static final class Answers {
        private final Semaphore free = new Semaphore(IN_FLIGHT);
        private final Queue<AwardResult> all = new ConcurrentLinkedQueue<>();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        /** Waits while too many grabs are in flight. */
        @SuppressWarnings("FutureReturnValueIgnored") // a failure is kept
        void take(CompletionStage<AwardResult> answer, Consumer<AwardResult> also) {
            acquire(1);
            answer.whenComplete((result, failed) -> {
                if (failed == null) {
                    also.accept(result);
                    all.add(result);
                } else {
                    failure.compareAndSet(null, failed);
                }
                free.release();
            });
        }

        void awaitAll() {
            acquire(IN_FLIGHT);
        }

        void check(Workload workload) {
            AnswerCheck check = AnswerCheck.of(workload);
            all.forEach(check::count);
            check.conclude(workload.expectedAwards());
        }

        private void acquire(int grabs) {
            try {
                if (!free.tryAcquire(grabs, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new WrongAnswersException("No answer within " + PATIENCE.toSeconds() + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while grabbing", e);
            }
            if (failure.get() != null) {
                throw new IllegalStateException("A grab failed", failure.get());
            }
        }
    }
}
