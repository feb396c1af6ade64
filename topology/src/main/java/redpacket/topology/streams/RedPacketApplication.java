package redpacket.topology.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.Causes;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.service.OutOfMemory;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.SharesUnavailableException;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.OtherTopicsException;
import redpacket.topology.stores.TopicsInKafka;
import redpacket.topology.takeover.LeavingClients;
import redpacket.topology.takeover.PeerWatch;
import redpacket.topology.takeover.Takeover;
import redpacket.topology.watch.Failures;
import redpacket.topology.watch.Watch;

/** One running instance of the topology, with some stream threads. */
public final class RedPacketApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedPacketApplication.class);

    /** Enough to finish the current grabs and commit. If it is not, another instance repeats the rest. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    /** How long an instance may decide nothing without a reason, before it is {@link #stuck}. */
    public static final Duration STUCK_AFTER = Duration.ofMinutes(1);

    private final KafkaStreams streams;
    private final ShareQueues queues;
    private final Optional<PeerWatch> peers;

    /** For the {@link Takeover}; empty without peers. */
    private final Optional<Admin> admin;

    private final Failures failures = new Failures();
    private final AtomicLong restored = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Watch inputWatch;

    /** On the clock of {@link System#nanoTime}. */
    private volatile long notRunningSinceNanos = System.nanoTime();

    /** Why this instance refuses to go on; null if it does not. */
    private volatile String refusal;

    /**
     * Starts an instance. It decides grabs once partitions are assigned to it. The caller closes the share queues.
     *
     * @throws IllegalStateException if topics are missing or have wrong settings; the message says what to change
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public static RedPacketApplication start(StreamsSettings settings, TopologyDependencies dependencies) {
        return start(settings, dependencies, STUCK_AFTER);
    }

    /**
     * Like {@link #start(StreamsSettings, TopologyDependencies)}.
     *
     * @param stuckAfter how long the instance may decide nothing without a reason, before it is {@link #stuck}
     */
    public static RedPacketApplication start(
            StreamsSettings settings, TopologyDependencies dependencies, Duration stuckAfter) {
        try (Admin admin = Admin.create(settings.kafka().clientSettings())) {
            List<String> problems = Topics.check(admin, settings.applicationId());
            if (!problems.isEmpty()) {
                throw new IllegalStateException(String.join(" ", problems));
            }
            LeavingClients clients = new LeavingClients();
            InputTopics topics = new TopicsInKafka(settings.kafka(), admin, clients::mainConsumer);
            return new RedPacketApplication(
                    settings, dependencies, Topics.partitions(admin), topics, clients, stuckAfter);
        }
    }

    private RedPacketApplication(
            StreamsSettings wanted,
            TopologyDependencies dependencies,
            int partitions,
            InputTopics topics,
            LeavingClients clients,
            Duration stuckAfter) {
        queues = dependencies.queues();
        peers = wanted.peerAddress().map(PeerWatch::listen);
        StreamsSettings settings =
                peers.map(watch -> wanted.reachedAt(watch.address())).orElse(wanted);
        LookAhead lookAhead = new LookAhead();
        Properties properties = settings.toProperties();
        lookAhead.addTo(properties);
        DrainedInputs drained = new DrainedInputs(settings.commitDistance());
        drained.addTo(properties);
        streams = new KafkaStreams(
                RedPacketTopology.build(dependencies, partitions, lookAhead, drained, topics), properties, clients);
        streams.setUncaughtExceptionHandler(this::handle);
        streams.setStateListener(this::changed);
        streams.setGlobalStateRestoreListener(new RestoreProgress(restored));
        streams.start();
        admin = peers.map(watch -> Admin.create(settings.kafka().clientSettings()));
        peers.ifPresent(
                watch -> watch.watch(this::instances, new Takeover(admin.orElseThrow(), settings.applicationId())));
        inputWatch = Watch.over(
                settings.kafka(), settings.applicationId(), new Watched(), stuckAfter, settings.stateDirectory());
    }

    private Set<HostInfo> instances() {
        return streams.metadataForAllStreamsClients().stream()
                .map(StreamsMetadata::hostInfo)
                .collect(Collectors.toSet());
    }

    /** Whether grabs are being decided: partitions are assigned and stores are restored. */
    public boolean isRunning() {
        return streams.state() == State.RUNNING;
    }

    public State state() {
        return streams.state();
    }

    /** What was last seen of Kafka Streams, of Redis and of the input partitions. Does not wait. */
    public Health health(RedisConnection redis) {
        if (refusal != null) {
            return Health.dead(refusal);
        }
        if (isDead()) {
            return Health.dead("dead: Kafka Streams is " + state() + " with " + aliveThreads() + " threads");
        }
        Optional<String> outage = redis.trouble();
        if (outage.isPresent()) {
            return Health.waiting(waitingForRedis(outage.get()));
        }
        Optional<String> trouble = inputWatch.trouble();
        if (!isRunning()) {
            return Health.waiting("rebalancing: partitions are being assigned or stores restored, since %d s%s"
                    .formatted(
                            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - notRunningSinceNanos),
                            trouble.or(this::failing).map("; "::concat).orElse("")));
        }
        return trouble.or(this::failing)
                .map(reason -> Health.waiting("not deciding: " + reason))
                .orElseGet(() -> Health.ready("ready: " + aliveThreads() + " stream threads decide"));
    }

    /** The successor of a failed thread repairs a single failure. Several in a row may be endless. */
    private Optional<String> failing() {
        return failures.inARow().map(Failures.Failure::toString);
    }

    private static String waitingForRedis(String trouble) {
        return "waiting for Redis: " + trouble;
    }

    /** Why the instance should end with exit code 1: it has records and decides none, although it could. */
    public Optional<String> stuck() {
        return inputWatch.stuck();
    }

    /** Whether the instance needs a restart, because no stream thread is left. */
    public boolean isDead() {
        if (refusal != null) {
            return true;
        }
        State state = streams.state();
        return state == State.ERROR
                || state == State.PENDING_ERROR
                || state == State.NOT_RUNNING
                || aliveThreads() == 0;
    }

    private long aliveThreads() {
        return streams.metadataForLocalThreads().stream()
                .filter(thread -> !thread.threadState().equals("DEAD"))
                .count();
    }

    /** Registers the metrics of Kafka Streams and its clients. */
    void showIn(Metrics metrics) {
        metrics.bind(new KafkaStreamsMetrics(streams));
        inputWatch.showIn(metrics);
        peers.ifPresent(watch -> Gauge.builder("redpacket.peers", watch, PeerWatch::connected)
                .description("Other instances that are connected. They have partitions")
                .register(metrics.registry()));
        FunctionCounter.builder("redpacket.thread.failures", failures, Failures::total)
                .description("Failures of stream threads")
                .register(metrics.registry());
        FunctionCounter.builder("redpacket.restored.records", restored, AtomicLong::get)
                .description("Records of changelogs from which stores were restored")
                .register(metrics.registry());
    }

    @Override
    public void close() {
        closing.countDown();
        queues.stopWaiting();
        inputWatch.close();
        streams.close(CLOSE_TIMEOUT);
        peers.ifPresent(PeerWatch::close);
        admin.ifPresent(Admin::close);
    }

    private void changed(State now, State before) {
        LOG.info("Kafka Streams is {} (was {})", now, before);
        if (before == State.RUNNING) {
            notRunningSinceNanos = System.nanoTime();
        }
    }

    private StreamThreadExceptionResponse handle(Throwable failure) {
        Optional<OtherTopicsException> otherTopics = Causes.find(failure, OtherTopicsException.class);
        if (otherTopics.isPresent()) {
            refusal = otherTopics.get().getMessage();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        return replaceThread(failure);
    }

    /**
     * Replaces a failed thread, whatever the failure: every grab must get its answer. The new thread continues from the
     * last commit. A failure that stays is logged each time, and each time the new thread starts later. Without memory
     * no thread can be trusted, so the process ends.
     */
    private StreamThreadExceptionResponse replaceThread(Throwable failure) {
        OutOfMemory.endProcessIfItIs(failure);
        Optional<SharesUnavailableException> unavailable = Causes.find(failure, SharesUnavailableException.class);
        if (unavailable.isPresent()) {
            LOG.warn(
                    "Replacing a stream thread, which repeats the work since its last commit: {}",
                    unavailable.get().getMessage());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        Duration pause = failures.add(failure);
        LOG.error(
                "Replacing a failed stream thread in {} s, which repeats the work since its last commit",
                pause.toSeconds(),
                failure);
        awaitPause(pause);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private void awaitPause(Duration pause) {
        try {
            closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the watch has to know of this instance. */
    private final class Watched implements Watch.Instance {
        @Override
        public String clientId() {
            return streams.metadataForLocalThreads().stream()
                    .findFirst()
                    .map(thread -> thread.consumerClientId().replaceFirst("(-StreamThread-).*", "$1"))
                    .orElse("no thread");
        }

        @Override
        public Optional<String> outage() {
            return queues.trouble().map(RedPacketApplication::waitingForRedis);
        }

        @Override
        public Optional<Failures.Failure> failure() {
            return failures.latest();
        }

        @Override
        public long restored() {
            return restored.get();
        }
    }

    /** Counts what is restored. */
    private record RestoreProgress(AtomicLong restored) implements StateRestoreListener {
        @Override
        public void onRestoreStart(TopicPartition partition, String store, long from, long end) {}

        @Override
        public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
            restored.addAndGet(records);
        }

        @Override
        public void onRestoreEnd(TopicPartition partition, String store, long total) {}
    }
}
