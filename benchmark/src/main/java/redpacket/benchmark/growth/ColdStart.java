package redpacket.benchmark.growth;

import java.time.Duration;
import redpacket.benchmark.contestants.RedPacketPipeline;
import redpacket.benchmark.contestants.StreamsContestant;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.AnswerCheck;
import redpacket.benchmark.load.CommittedAnswers;
import redpacket.benchmark.load.Workload;

/** A restart of this project's topology with many open packets, all of which have waiting grabs. */
final class ColdStart {
    /** The time in which answers are counted. */
    private static final Duration BEGINNING = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Grabs for each packet: enough for the measured time, and at least half of them win. */
    private static final int GRABS_EACH = 15;

    private final long startedNanos = System.nanoTime();
    private long firstNanos;
    private long answers;

    private ColdStart() {}

    /**
     * Restarts, and checks the answers.
     *
     * @param packets number of open packets
     */
    static void measure(int packets, Setup setup, Growth growth) {
        Workload workload = new Workload("cold", packets, 10, GRABS_EACH * packets, 4);
        Scale scale = setup.scale().within(workload.partitions());
        try (Ground ground = Ground.start(workload.partitions(), setup);
                RedPacketPipeline ours = new RedPacketPipeline(workload, ground)) {
            try (Instances opening = Instances.start(ours, ground, scale)) {
                ours.open(opening.awaitReady());
            }
            StreamsContestant.send(workload.grabStream(), ground);
            System.gc();
            try (CommittedAnswers committed = CommittedAnswers.on(ground.kafka(), PATIENCE);
                    Instances answering = Instances.start(ours, ground, scale)) {
                ColdStart start = new ColdStart();
                committed.await(workload.grabs(), seen -> {
                    answering.requireAlive();
                    start.answered(seen.count());
                });
                String where = "%,d packets, restarted, Redis %s: ".formatted(packets, distance(setup));
                growth.add(where + "first answer after", "s", start.secondsToFirst());
                growth.add(where + "answers in the next 10 s", "grabs/s", start.perSecond());
                AnswerCheck.of(workload).check(ground.kafka(), ours.expectedAwards());
                ours.check();
            }
        }
    }

    private static String distance(Setup setup) {
        return setup.redisDelay().isZero() ? "near" : setup.redisDelay().toMillis() + " ms away";
    }

    private void answered(int more) {
        long now = System.nanoTime();
        if (more > 0 && firstNanos == 0) {
            firstNanos = now;
        }
        if (firstNanos != 0 && now - firstNanos <= BEGINNING.toNanos()) {
            answers += more;
        }
    }

    private double secondsToFirst() {
        return (firstNanos - startedNanos) / 1e9;
    }

    private double perSecond() {
        return (double) answers / BEGINNING.toSeconds();
    }
}
