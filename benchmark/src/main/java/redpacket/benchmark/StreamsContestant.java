package redpacket.benchmark;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
record StreamsContestant(String name, String idea, int grabsOfHundred, Entry entry) implements Contestant {
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

    /**
     * Answers grabs at a fixed rate, and checks the answers. It is not paused after the opening, because latency
     * matters for a running pipeline.
     *
     * @param settling number of grabs at the beginning that do not count
     */
    Latency latency(Workload workload, int perSecond, int settling) {
        Scale scale = Setup.PLAIN.scale().within(workload.partitions());
        try (Ground ground = Ground.start(workload.partitions(), Setup.PLAIN);
                Entrant entrant = entry.enter(workload, ground);
                CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE);
                PacketProducer producer = PacketProducer.connect(ground.kafka().clientSettings());
                Instances streams = Instances.start(entrant, ground, scale)) {
            entrant.open(streams.awaitReady());
            System.gc();
            Arrivals arrivals = Arrivals.at(perSecond, settling);
            arrivals.startSending(workload, producer);
            answers.await(workload.grabs(), seen -> {
                long now = System.nanoTime();
                streams.requireAlive();
                for (ConsumerRecord<byte[], byte[]> answer : seen) {
                    arrivals.answered(
                            Workload.numberOf(Json.readAward(answer.value()).grabId()), now);
                }
            });
            Latency latency = new Latency(this, perSecond, arrivals.waits(), arrivals.lateness(), arrivals.gcMillis());
            AnswerCheck.of(workload).check(ground.kafka(), entrant.expectedAwards());
            entrant.check();
            return latency;
        }
    }

    /** Sends all grabs. Returns when they are on their topic. */
    static void send(Stream<Grab> grabs, Ground ground) {
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
