package redpacket.benchmark.growth;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import redpacket.benchmark.contestants.RedPacketPipeline;
import redpacket.benchmark.contestants.StreamsContestant;
import redpacket.benchmark.ground.Ground;
import redpacket.benchmark.ground.Instances;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.CommittedAnswers;
import redpacket.benchmark.load.Workload;
import redpacket.benchmark.load.WrongAnswersException;
import redpacket.events.Grab;
import redpacket.parts.TemporaryFolder;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stores.StateStores;

/**
 * One packet with very many winners. Measures how long each operation on the packet occupies a stream thread, whose
 * transaction must end within 10 s, and how long its winners take to be restored when the local stores are lost.
 */
final class BigPacket {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Kafka Streams times single records and punctuations only at the level DEBUG. The maximum covers an hour. */
    private static final Map<String, Object> TIMED = Map.of(
            StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG,
            "DEBUG",
            StreamsConfig.METRICS_SAMPLE_WINDOW_MS_CONFIG,
            TimeUnit.HOURS.toMillis(1));

    private static final Scale ONE_THREAD = new Scale(1, 1);

    private final Workload workload;
    private final Ground ground;
    private final RedPacketPipeline ours;
    private final Growth growth;

    private BigPacket(Workload workload, Ground ground, RedPacketPipeline ours, Growth growth) {
        this.workload = workload;
        this.ground = ground;
        this.ours = ours;
        this.growth = growth;
    }

    /**
     * Loads, fills, restarts, sells out; then loses the stores and restores them.
     *
     * @param shares of the packet; all but one have a winner when the packet is first touched after the restart
     */
    static void measure(int shares, Growth growth) {
        Workload workload = new Workload("big", 1, shares, shares - 1, 1);
        try (Ground ground = Ground.start(1, Setup.PLAIN);
                RedPacketPipeline ours = new RedPacketPipeline(workload, ground);
                CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE)) {
            BigPacket big = new BigPacket(workload, ground, ours, growth);
            big.loadAndFill(answers);
            big.touch(answers);
            big.restore();
        }
    }

    /**
     * Closes a packet and forgets it.
     *
     * @param shares of the packet, each with a winner
     */
    static void purge(int shares, Growth growth) {
        PacketLifetime lifetime = new PacketLifetime(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Workload workload = new Workload("big", 1, shares, shares, 1).openFor(timeFor(shares));
        try (Ground ground = Ground.start(1, Setup.PLAIN);
                RedPacketPipeline ours = new RedPacketPipeline(workload, ground, lifetime);
                CommittedAnswers answers = CommittedAnswers.on(ground.kafka(), PATIENCE)) {
            new BigPacket(workload, ground, ours, growth).purge(answers);
        }
    }

    /** Time to find winners for all shares: twice as long as two busy processors take. */
    private static Duration timeFor(int shares) {
        return Duration.ofSeconds(10 + shares / 10_000);
    }

    private void loadAndFill(CommittedAnswers answers) {
        try (Instances instances = start(unstarted -> {})) {
            ours.open(instances.awaitReady());
            // The shares are being loaded, and this grab has to wait for them.
            StreamsContestant.send(workload.grabStream().limit(1), ground);
            await(1, answers, instances);
            addLongestStep("load of %,d shares", instances);
            StreamsContestant.send(workload.grabStream().skip(1), ground);
            await(workload.grabs() - 1, answers, instances);
        }
    }

    private void touch(CommittedAnswers answers) {
        try (Instances instances = start(unstarted -> {})) {
            instances.awaitReady();
            Grab first = new Grab("after-restart", Workload.packetId(0), "user-after-restart");
            StreamsContestant.send(Stream.of(first), ground);
            await(1, answers, instances);
            addLongestStep("rebuild of a packet with all but one of %,d winners", instances);
        }
    }

    private void restore() {
        new TemporaryFolder(ground.stateDirectory(0)).delete();
        RestoredWinners restored = new RestoredWinners();
        long startedNanos = System.nanoTime();
        try (Instances instances = start(streams -> streams.setGlobalStateRestoreListener(restored))) {
            instances.awaitReady();
            String what = "stores lost with %,d winners: ".formatted(workload.sharesEach());
            growth.add(what + "at work again after", "s", (System.nanoTime() - startedNanos) / 1e9);
            growth.add(what + "restore of a million winners", "s", restored.secondsForMillion(workload.sharesEach()));
            ours.check();
        }
    }

    private void purge(CommittedAnswers answers) {
        try (Instances instances = start(unstarted -> {})) {
            ours.open(instances.awaitReady());
            StreamsContestant.send(workload.grabStream(), ground);
            await(workload.grabs(), answers, instances);
            awaitForgotten(instances);
            addLongestStep("purge of %,d winners", instances);
            ours.check();
        }
    }

    /** A packet to be forgotten is among the deadlines until then. */
    private static void awaitForgotten(Instances instances) {
        ReadOnlyKeyValueStore<Bytes, byte[]> deadlines = instances
                .first()
                .store(StoreQueryParameters.fromNameAndType(
                        StateStores.DEADLINES, QueryableStoreTypes.keyValueStore()));
        long deadline = System.nanoTime() + 5 * PATIENCE.toNanos();
        while (isAnyLeft(deadlines)) {
            instances.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new WrongAnswersException("The packet was not forgotten");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isAnyLeft(ReadOnlyKeyValueStore<Bytes, byte[]> store) {
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            return all.hasNext();
        }
    }

    private Instances start(Consumer<KafkaStreams> prepare) {
        return Instances.start(ours, ground, ONE_THREAD, TIMED, prepare);
    }

    private static void await(int grabs, CommittedAnswers answers, Instances instances) {
        answers.await(grabs, seen -> instances.requireAlive());
    }

    private void addLongestStep(String what, Instances instances) {
        String named = what.formatted(workload.sharesEach());
        double processNanos = instances.largest("stream-task-metrics", "process-latency-max");
        double punctuateNanos = instances.largest("stream-task-metrics", "punctuate-latency-max");
        growth.add("longest step, " + named, "ms", Math.max(processNanos, punctuateNanos) / 1e6);
    }

    /** Times the restore of the winners, which have one partition. */
    private static final class RestoredWinners implements StateRestoreListener {
        private volatile long startedNanos;
        private volatile long tookNanos;

        @Override
        public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
            if (store.equals(StateStores.WINNERS)) {
                startedNanos = System.nanoTime();
            }
        }

        @Override
        public void onBatchRestored(TopicPartition changelog, String store, long to, long count) {}

        @Override
        public void onRestoreEnd(TopicPartition changelog, String store, long total) {
            if (store.equals(StateStores.WINNERS)) {
                tookNanos = System.nanoTime() - startedNanos;
            }
        }

        /** Extrapolates to a million winners, since one record holds many. */
        double secondsForMillion(int winners) {
            if (tookNanos == 0) {
                throw new WrongAnswersException("No winners were restored");
            }
            return tookNanos / 1e9 * 1e6 / winners;
        }
    }
}
