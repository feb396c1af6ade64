package redpacket.topology.streams;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import redpacket.clients.KafkaAddress;
import redpacket.topology.stores.SharedStoreMemory;

/**
 * How Kafka Streams is configured. Only what differs from its defaults is here, each with its reason; the raw client
 * settings of the address come last and win.
 *
 * @param applicationId also the consumer group, and the prefix of internal topics; it never changes
 * @param stateDirectory survives restarts, so that these need not restore the stores from their changelogs
 * @param replicas of internal topics; -1 for the broker's default
 */
public record StreamsSettings(
        KafkaAddress kafka, String applicationId, Path stateDirectory, int threads, int replicas) {

    /** For {@link org.apache.kafka.streams.KafkaStreams}. */
    public Properties toProperties() {
        Properties all = new Properties();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
        // The cursor, the answers and the input offsets commit together: everything rests on this.
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // Safe, because a grab may be sent only after its packet's opened event; the default idling between the two
        // source
        // topics costs 10 to 20 % of the throughput.
        all.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        // The streams protocol still has assignment faults in 4.3.1 (KAFKA-20899, KAFKA-20719).
        all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedStoreMemory.class);
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailStreamThread.class);
        // There is no global store, but without this Streams warns at every start, and each main consumer's assignor,
        // which
        // reads the settings anew, does too. The constant is deprecated already.
        String globalHandler = "processing.exception.handler.global.enabled";
        all.put(globalHandler, true);
        all.put(StreamsConfig.mainConsumerPrefix(globalHandler), true);
        // A dead instance's partitions move after this. Less is not worth it: a pause of the JVM must not look like
        // death.
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        // Dead letters carry up to a megabyte of what came, and headers besides.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 2 * 1024 * 1024);
        // Award results repeat their field names: a fifth of the bytes, for less CPU than sending and storing them
        // takes.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // Bytes, about 300 results. Every batch brings buffers of its own: with the default of 16 KiB they are a third
        // of all
        // that is allocated.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 65_536);
        // Milliseconds. While the coordinator writes the markers of a transaction, it refuses to begin the next; with
        // the default
        // of 100 each commit that follows another at once would wait that long.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
        for (Map.Entry<String, Object> setting : kafka.clientSettings().entrySet()) {
            all.put(setting.getKey(), setting.getValue());
        }
        return all;
    }
}
