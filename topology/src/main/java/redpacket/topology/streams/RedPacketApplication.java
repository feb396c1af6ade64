package redpacket.topology.streams;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.connection.Topics;
import redpacket.topology.shares.SharesUnavailableException;

/** The topology, running: one instance in one process, some stream threads. */
public final class RedPacketApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedPacketApplication.class);

    /** Enough to finish the grabs at hand and commit; what is cut off is done again by whoever takes over. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;

    /**
     * Starts; the answers come when its partitions are assigned. The share queues stay the caller's to close.
     *
     * @throws IllegalStateException if the topics are not laid out as they must be; the message says how to mend it
     * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
     */
    public static RedPacketApplication start(StreamsSettings settings, PacketSettings packets) {
        try (Admin admin = Admin.create(settings.kafka().clientSettings())) {
            List<String> problems = Topics.check(admin);
            if (!problems.isEmpty()) {
                throw new IllegalStateException(String.join(" ", problems));
            }
            return new RedPacketApplication(settings, packets, Topics.partitions(admin));
        }
    }

    private RedPacketApplication(StreamsSettings settings, PacketSettings packets, int partitions) {
        LookAhead lookAhead = new LookAhead();
        Properties properties = settings.toProperties();
        lookAhead.addTo(properties);
        streams = new KafkaStreams(RedPacketTopology.build(packets, partitions, lookAhead), properties);
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
