package redpacket.benchmark.contestants;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.benchmark.figures.Cpu;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Memory;
import redpacket.benchmark.figures.Step;
import redpacket.benchmark.figures.Steps;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.ground.TimedClients;
import redpacket.benchmark.load.AnswerCheck;
import redpacket.benchmark.load.Arrivals;
import redpacket.benchmark.load.CommittedAnswers;
import redpacket.benchmark.load.Workload;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.producer.PacketProducer;

/**
 * A Kafka Streams topology that runs with this project's settings.
 *
 * <p>Packets are opened while it runs. Then it is paused until all grabs are on their topic. Opening, starting and
 * sending are not measured.
 *
 * @param grabsOfHundred percentage of the grabs that it gets
 */
public record StreamsContestant(String name, String idea, int grabsOfHundred, Entry entry) implements TimedContestant {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Creates the topology for a run. */
    interface Entry {
        Entrant enter(Workload workload, Ground ground);
    }

    /** A topology and what it needs, for one run. */
    interface Entrant extends Instances.Blueprint, AutoCloseable {
        /** Opens all packets while the topology runs for the first time. Returns when they can be grabbed. */
        void open(Instances running);

        long redisCalls();

        /** Number of shares that must find a winner. */
        long expectedAwards();

        /** Called after the last answer. Returns when a follower of the answers has processed all. */
        default void awaitFollower() {}

        /** Called when all grabs are answered, while the topology still runs. */
        void check();

        @Override
        void close();
    }

    @Override
    public int grabs(int asked) {
        return Math.max(1000, (int) (asked / 100L * grabsOfHundred));
    }

    @Override
    public Measured run(Workload workload, Setup setup) {
        Scale scale = setup.scale().within(workload.partitions());
        try (Ground ground = Ground.start(workload.partitions(), setup);
                Entrant entrant = entry.enter(workload, ground)) {
            try (CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE);
                    Instances instances = Instances.start(entrant, ground, scale)) {
                entrant.open(instances.awaitReady());
                instances.pause();
                send(workload.grabStream(), ground);
                // Garbage of earlier runs must not be collected during this one.
                System.gc();
                Cpu before = ground.cpu();
                instances.resume();
                long nanos = answers.await(workload.grabs(), seen -> instances.requireAlive());
                long answeredNanos = System.nanoTime();
                entrant.awaitFollower();
                long followedNanos = nanos + System.nanoTime() - answeredNanos;
                Cpu after = ground.cpu();
                Cpu taken = after.since(before);
                Cpu cpu = new Cpu(taken.streams(), taken.kafka(), after.redis(), taken.sink());
                Measured measured =
                        new Measured(workload.grabs(), nanos, followedNanos, entrant.redisCalls(), cpu, Memory.now());
                AnswerCheck.of(workload).check(ground.kafka(), entrant.expectedAwards());
                entrant.check();
                return measured;
            }
        }
    }

    /** It is not paused after the opening, because latency matters for a running pipeline. */
    @Override
    public Latency latency(Workload workload, int perSecond, int settling) {
        TimedClients clients = new TimedClients();
        Scale scale = Setup.PLAIN.scale().within(workload.partitions());
        try (Ground ground = Ground.start(workload.partitions(), Setup.PLAIN);
                Entrant entrant = entry.enter(workload, ground);
                CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE);
                PacketProducer producer = PacketProducer.connect(ground.kafka().clientSettings());
                Instances streams = Instances.start(entrant, ground, scale, clients)) {
            entrant.open(streams.awaitReady());
            System.gc();
            Arrivals arrivals = Arrivals.at(perSecond, settling);
            arrivals.startSending(workload, grab -> {
                // If a grab is lost, its answer will be missed.
                var unused = producer.grab(grab);
            });
            List<Read> read = new ArrayList<>();
            answers.await(workload.grabs(), seen -> {
                long now = System.nanoTime();
                streams.requireAlive();
                for (ConsumerRecord<byte[], byte[]> record : seen) {
                    AwardResult answer = Json.readAward(record.value());
                    int grab = Workload.numberOf(answer.grabId());
                    arrivals.answered(grab, now);
                    TimedClients.Answer times = clients.take(record.partition(), record.offset());
                    if (arrivals.counts(grab)) {
                        read.add(new Read(grab, answer.grabbedAtMillis(), times, now));
                    }
                }
            });
            Latency latency = new Latency(
                    this, perSecond, arrivals.waits(), arrivals.lateness(), steps(read, arrivals), arrivals.gcMillis());
            AnswerCheck.of(workload).check(ground.kafka(), entrant.expectedAwards());
            entrant.check();
            return latency;
        }
    }

    /**
     * One answer.
     *
     * @param appendedMillis when the broker appended the grab
     * @param nanos when the answer was read
     */
    private record Read(int grab, long appendedMillis, TimedClients.Answer times, long nanos) {}

    private static Steps steps(List<Read> all, Arrivals arrivals) {
        Steps steps = new Steps();
        for (Read read : all) {
            TimedClients.Answer times = read.times;
            steps.add(
                    arrivals.nanosOf(read.grab),
                    Map.of(
                            Step.LATE, arrivals.sentNanos(read.grab),
                            Step.APPEND, arrivals.nanosOfClock(read.appendedMillis),
                            Step.BUSY, times.askedNanos(),
                            Step.FETCH, times.fetchedNanos(),
                            Step.DECIDE, times.decidedNanos(),
                            Step.BATCH, times.flushStartNanos(),
                            Step.FLUSH, times.flushedNanos(),
                            Step.COMMIT, times.committedNanos(),
                            Step.READ, read.nanos));
        }
        steps.readMarkers();
        return steps;
    }

    /** Sends all grabs. Returns when they are on their topic. */
    public static void send(Stream<Grab> grabs, Ground ground) {
        try (PacketProducer producer = PacketProducer.connect(ground.kafka().clientSettings())) {
            grabs.forEach(grab -> {
                var unused = producer.grab(grab).whenComplete((stored, failure) -> {
                    if (failure != null) {
                        // The missing answer will fail the run.
                        failure.printStackTrace();
                    }
                });
            });
        }
    }
}
