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
 * Where Kafka is, and how clients talk to it.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param settings raw Kafka client settings (security, timeouts) that every client gets
 */
public record KafkaAddress(String bootstrapServers, Map<String, String> settings) {
    private static final Duration SIGN_IN = Duration.ofSeconds(10);

    public KafkaAddress {
        settings = Map.copyOf(settings);
    }

    public static KafkaAddress of(String bootstrapServers) {
        return new KafkaAddress(bootstrapServers, Map.of());
    }

    /** What every Kafka client is configured with first; a client adds its own settings to the returned map. */
    public Map<String, Object> clientSettings() {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        return all;
    }

    /**
     * Asks once whether Kafka lets these clients in: for a process whose own clients would be refused in the background. A
     * Kafka that is away, they wait for.
     *
     * @throws AuthenticationException if it is there and refuses the user or the password
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

    /** Without the settings: they may hold a password. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
