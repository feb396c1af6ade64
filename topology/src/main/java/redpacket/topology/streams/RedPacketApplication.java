package redpacket.topology.streams;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.service.Health;
import redpacket.service.Metrics;
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

/** One running instance of the topology, with some stream threads. */
public final class RedPacketApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedPacketApplication.class);

    /** Enough to finish the current grabs and commit. If it is not, another instance repeats the rest. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    /** A working Redis answers in a millisecond. A health check waits up to this long. */
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(1);

    private final KafkaStreams streams;
    private final ShareQueues queues;
    private final Optional<PeerWatch> peers;
    private final Admin admin;
    private final AtomicLong replacedThreads = new AtomicLong();

    /** Why this instance refuses to go on; null if it does not. */
    private volatile String refusal;

    /**
     * Starts an instance. It decides grabs once partitions are assigned to it. The caller closes the share queues.
     *
     * @throws IllegalStateException if topics are missing or have wrong settings; the message says what to change
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public static RedPacketApplication start(StreamsSettings settings, TopologyDependencies dependencies) {
        try (Admin admin = Admin.create(settings.kafka().clientSettings())) {
            List<String> problems = Topics.check(admin, settings.applicationId());
            if (!problems.isEmpty()) {
                throw new IllegalStateException(String.join(" ", problems));
            }
            LeavingClients clients = new LeavingClients();
            InputTopics topics = new TopicsInKafka(settings.kafka(), admin, clients::mainConsumer);
            return new RedPacketApplication(settings, dependencies, Topics.partitions(admin), topics, clients);
        }
    }

    private RedPacketApplication(
            StreamsSettings wanted,
            TopologyDependencies dependencies,
            int partitions,
            InputTopics topics,
            LeavingClients clients) {
        queues = dependencies.queues();
        peers = wanted.peerAddress().map(PeerWatch::listen);
        StreamsSettings settings =
                peers.map(watch -> wanted.reachedAt(watch.address())).orElse(wanted);
        LookAhead lookAhead = new LookAhead();
        Properties properties = settings.toProperties();
        lookAhead.addTo(properties);
        DrainedInputs drained = new DrainedInputs();
        drained.addTo(properties);
        streams = new KafkaStreams(
                RedPacketTopology.build(dependencies, partitions, lookAhead, drained, topics), properties, clients);
        streams.setUncaughtExceptionHandler(this::handle);
        streams.setStateListener((now, before) -> LOG.info("Kafka Streams is {} (was {})", now, before));
        streams.start();
        admin = Admin.create(settings.kafka().clientSettings());
        peers.ifPresent(watch -> watch.watch(this::instances, new Takeover(admin, settings.applicationId())));
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

    /** Asks Kafka Streams and Redis. Takes up to a second if Redis does not answer. */
    public Health health(RedisConnection redis) {
        if (refusal != null) {
            return Health.dead(refusal);
        }
        if (isDead()) {
            return Health.dead("dead: Kafka Streams is " + state() + " with " + aliveThreads() + " threads");
        }
        try {
            redis.requireReachable(REDIS_PATIENCE);
        } catch (RedisException e) {
            return Health.waiting("waiting for Redis: " + RedisConnection.reasonOf(e));
        }
        Optional<String> trouble = redis.trouble();
        if (trouble.isPresent()) {
            return Health.waiting("waiting for Redis: " + trouble.get());
        }
        return isRunning()
                ? Health.ready("ready: " + aliveThreads() + " stream threads decide")
                : Health.waiting("rebalancing: partitions are being assigned or stores restored");
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

    /** Stream threads that failed so far. */
    long replacedThreads() {
        return replacedThreads.get();
    }

    /** Other instances that are connected, which includes that they have partitions. */
    int peers() {
        return peers.map(PeerWatch::connected).orElse(0);
    }

    /** Whether a partition is assigned to this instance. */
    boolean hasPartitions() {
        return streams.metadataForLocalThreads().stream()
                .anyMatch(thread -> !thread.activeTasks().isEmpty());
    }

    private long aliveThreads() {
        return streams.metadataForLocalThreads().stream()
                .filter(thread -> !thread.threadState().equals("DEAD"))
                .count();
    }

    /** Registers the metrics of Kafka Streams and its clients. */
    void showIn(Metrics metrics) {
        metrics.bind(new KafkaStreamsMetrics(streams));
    }

    @Override
    public void close() {
        queues.stopWaiting();
        streams.close(CLOSE_TIMEOUT);
        peers.ifPresent(PeerWatch::close);
        admin.close();
    }

    private StreamThreadExceptionResponse handle(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OtherTopicsException other) {
                refusal = other.getMessage();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
        }
        return replaceThread(failure);
    }

    /**
     * Replaces a failed thread, whatever the failure: every grab must get its answer. The new thread continues from the
     * last commit. A failure that stays is logged each time.
     */
    private StreamThreadExceptionResponse replaceThread(Throwable failure) {
        replacedThreads.incrementAndGet();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SharesUnavailableException unavailable) {
                LOG.warn(
                        "Replacing a stream thread, which repeats the work since its last commit: {}",
                        unavailable.getMessage());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
        LOG.error("Replacing a failed stream thread, which repeats the work since its last commit", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
