package redpacket.clients;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * The address of Kafka, and the settings of its clients.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param settings raw Kafka client settings for every client, such as security and timeouts
 */
public record KafkaAddress(String bootstrapServers, Map<String, String> settings) {
    private static final Duration SIGN_IN = Duration.ofSeconds(10);

    public KafkaAddress {
        settings = Map.copyOf(settings);
    }

    public static KafkaAddress of(String bootstrapServers) {
        return new KafkaAddress(bootstrapServers, Map.of());
    }

    /** The settings of every Kafka client. Each client adds its own to the returned map. */
    public Map<String, Object> clientSettings() {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }

    /**
     * Checks once whether Kafka accepts the credentials, for a process whose own clients would be refused in the
     * background. Returns normally if Kafka is unavailable, because clients wait for that.
     *
     * @throws AuthenticationException if Kafka refuses the user or the password
     */
    public void requireSignedIn() {
        try (Admin admin = Admin.create(clientSettings())) {
            admin.describeCluster().clusterId().get(SIGN_IN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            if (e.getCause() instanceof AuthenticationException refused) {
                throw refused;
            }
        }
    }

    /** Without the settings, which may contain a password. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
