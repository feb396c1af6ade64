package redpacket.connection;

import java.util.HashMap;
import java.util.Map;

/**
 * Where Kafka is, and how clients talk to it.
 *
 * @param bootstrapServers comma-separated {@code host:port}
 * @param settings raw Kafka client settings (security, timeouts) that every client gets
 */
public record KafkaAddress(String bootstrapServers, Map<String, String> settings) {
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

    /** Without the settings: they may hold a password. */
    @Override
    public String toString() {
        return bootstrapServers;
    }
}
