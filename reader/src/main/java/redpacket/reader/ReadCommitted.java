package redpacket.reader;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The settings of all Kafka consumers that read what the pipeline committed. */
public final class ReadCommitted {
    private ReadCommitted() {}

    /**
     * Returns settings for a consumer that reads only committed records, does not commit offsets by itself, and fails
     * if an offset does not exist. The caller may change the last two.
     *
     * @param clientSettings settings of any Kafka client, {@code bootstrap.servers} at least; they are not modified
     */
    public static Map<String, Object> settings(Map<String, ?> clientSettings) {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        // Records of an aborted transaction were never results.
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // A record is done when it has been processed, not when it has been polled.
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A missing offset means that records are lost. Skipping them silently would hide that.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        // A topic created by its reader would have the wrong number of partitions.
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }
}
