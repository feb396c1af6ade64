package redpacket.clients;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The address of Kafka, and the settings of its clients.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param settings raw Kafka client settings for every client, such as security and timeouts
 */
public record KafkaAddress(String bootstrapServers, Map<String, String> settings) {
    /** How long a command waits for the first answer of Kafka. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Milliseconds after which a client leaves a broker that hangs, and asks another one. Half of the transaction
     * timeout of Kafka Streams (10 s), so that a transaction survives the change. With Kafka's default of 30 s, stream
     * threads are fenced first, and each new client that asks the hanging broker first waits again.
     */
    private static final int REQUEST_TIMEOUT_MILLIS = 5_000;

    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    /** In the message of Kafka's exception, which has no type of its own. */
    private static final String UNKNOWN_HOST = "No resolvable bootstrap urls";

    public KafkaAddress {
        settings = Map.copyOf(settings);
    }

    public static KafkaAddress of(String bootstrapServers) {
        return new KafkaAddress(bootstrapServers, Map.of());
    }

    /** The settings of every Kafka client. Each client adds its own to the returned map. */
    public Map<String, Object> clientSettings() {
        Map<String, Object> all = new HashMap<>();
        all.put("request.timeout.ms", REQUEST_TIMEOUT_MILLIS);
        all.putAll(settings);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }

    /** What every command says about a Kafka that does not answer. */
    public String noAnswer(String patience) {
        return "Kafka at %s did not answer within %s. Is it running, and is --kafka right?".formatted(this, patience);
    }

    /**
     * Returns once Kafka answers, which shows that it accepts the credentials too.
     *
     * @throws UnreachableKafkaException if it does not answer within {@link #PATIENCE}
     * @throws AuthenticationException if Kafka refuses the user or the password
     */
    public void requireReachable() {
        requireReachable(() -> false);
    }

    /**
     * Like {@link #requireReachable()}, but returns early too.
     *
     * @param givesUp is asked several times a second
     */
    public void requireReachable(BooleanSupplier givesUp) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Admin admin = admin();
        try {
            KafkaFuture<String> answer = admin.describeCluster(
                            new DescribeClusterOptions().timeoutMs(Math.toIntExact(PATIENCE.toMillis())))
                    .clusterId();
            while (!isDone(answer) && !givesUp.getAsBoolean()) {
                if (System.nanoTime() > deadline) {
                    throw new UnreachableKafkaException(noAnswer(PATIENCE.toSeconds() + " s"), null);
                }
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private Admin admin() {
        try {
            return Admin.create(clientSettings());
        } catch (KafkaException e) {
            if (e.getCause() instanceof ConfigException
                    && String.valueOf(e.getCause().getMessage()).contains(UNKNOWN_HOST)) {
                throw new UnreachableKafkaException(
                        "Kafka at %s has an unknown host name. Is it running, and is --kafka right?".formatted(this),
                        e);
            }
            throw e;
        }
    }

    private boolean isDone(KafkaFuture<String> answer) throws InterruptedException {
        try {
            answer.get(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw new UnreachableKafkaException(noAnswer(PATIENCE.toSeconds() + " s"), e);
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    /** Without the settings, which may contain a password. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
