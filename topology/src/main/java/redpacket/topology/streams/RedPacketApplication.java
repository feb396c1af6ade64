package redpacket.topology.streams;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.topology.shares.SharesUnavailableException;

/** The topology, running: one instance in one process, some stream threads. */
public final class RedPacketApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedPacketApplication.class);

    /** Enough to finish the grabs at hand and commit; what is cut off is done again by whoever takes over. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    /** A working Redis answers in a millisecond; whoever asks for the health waits for this. */
    private static final Duration REDIS_PATIENCE = Duration.ofSeconds(1);

    private final KafkaStreams streams;

    /**
     * Starts; the answers come when its partitions are assigned. The share queues stay the caller's to close.
     *
     * @throws IllegalStateException if the topics are not laid out as they must be; the message says how to mend it
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public static RedPacketApplication start(StreamsSettings settings, TopologyDependencies packets) {
        try (Admin admin = Admin.create(settings.kafka().clientSettings())) {
            List<String> problems = Topics.check(admin);
            if (!problems.isEmpty()) {
                throw new IllegalStateException(String.join(" ", problems));
            }
            return new RedPacketApplication(settings, packets, Topics.partitions(admin));
        }
    }

    private RedPacketApplication(StreamsSettings settings, TopologyDependencies packets, int partitions) {
        LookAhead lookAhead = new LookAhead();
        Properties properties = settings.toProperties();
        lookAhead.addTo(properties);
        DrainedInputs drained = new DrainedInputs();
        drained.addTo(properties);
        streams = new KafkaStreams(RedPacketTopology.build(packets, partitions, lookAhead, drained), properties);
        streams.setUncaughtExceptionHandler(RedPacketApplication::goOn);
        streams.setStateListener((now, before) -> LOG.info("Kafka Streams is {} (was {})", now, before));
        streams.start();
    }

    /** Whether grabs are being decided: partitions are assigned and stores are restored. */
    public boolean isRunning() {
        return streams.state() == State.RUNNING;
    }

    public State state() {
        return streams.state();
    }

    /** How it is, asked of Kafka Streams and of Redis, which may take as long as a Redis that does not answer is given. */
    public Health health(RedisConnection redis) {
        if (isDead()) {
            return Health.dead("dead: Kafka Streams is " + state() + " with " + aliveThreads() + " threads");
        }
        try {
            redis.requireReachable(REDIS_PATIENCE);
        } catch (RedisException e) {
            return Health.waiting("waiting for Redis: " + RedisConnection.reasonOf(e));
        }
        return isRunning()
                ? Health.ready("ready: " + aliveThreads() + " stream threads decide")
                : Health.waiting("rebalancing: partitions are being assigned, or stores restored");
    }

    /** Whether only a restart can help. */
    public boolean isDead() {
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

    /** Shows in the metrics what Kafka Streams and its clients measure. */
    void showIn(Metrics metrics) {
        metrics.bind(new KafkaStreamsMetrics(streams));
    }

    @Override
    public void close() {
        streams.close(CLOSE_TIMEOUT);
    }

    /**
     * A new thread goes on from the last commit, whatever happened: every grab must get its answer. If the cause stays, it
     * is told each time.
     */
    private static StreamThreadExceptionResponse goOn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SharesUnavailableException unavailable) {
                LOG.warn("a stream thread starts again from its last commit: {}", unavailable.getMessage());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
        LOG.error("a stream thread failed and starts again from its last commit", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
