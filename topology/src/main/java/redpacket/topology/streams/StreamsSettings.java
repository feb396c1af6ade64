package redpacket.topology.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;
import redpacket.topology.stores.SharedStoreMemory;
import redpacket.topology.takeover.Takeover;

/**
 * The configuration of Kafka Streams: what differs from its defaults, each with its reason. The client settings of the
 * address are added last and override the others.
 *
 * @param applicationId also the consumer group and the prefix of internal topics; it never changes
 * @param stateDirectory if it survives a restart, the stores need not be restored from their changelogs
 * @param replicas of internal topics; -1 for the default of the broker
 * @param peerAddress where the other instances reach this one; empty if they do not watch each other
 * @param commitDistance least time between two commits of a stream thread
 */
public record StreamsSettings(
        KafkaAddress kafka,
        String applicationId,
        Path stateDirectory,
        int threads,
        int replicas,
        Optional<HostInfo> peerAddress,
        Duration commitDistance) {

    /** With as many replicas, one broker may be away. */
    private static final int REPLICATED = 3;

    /** Of an instance that is not watched by others, and commits as often as it can. */
    public StreamsSettings(KafkaAddress kafka, String applicationId, Path stateDirectory, int threads, int replicas) {
        this(kafka, applicationId, stateDirectory, threads, replicas, Optional.empty(), Duration.ZERO);
    }

    /** The same, reached at another address. */
    StreamsSettings reachedAt(HostInfo address) {
        return new StreamsSettings(
                kafka, applicationId, stateDirectory, threads, replicas, Optional.of(address), commitDistance);
    }

    /** For {@link org.apache.kafka.streams.KafkaStreams}. */
    public Properties toProperties() {
        Properties all = new Properties();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        all.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        all.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
        if (replicas >= REPLICATED) {
            // As for the other topics: a record is acknowledged when two brokers have it. The default is the broker's.
            all.put(StreamsConfig.topicPrefix("min.insync.replicas"), "2");
        }
        addTasks(all);
        // Changelog records carry the time of their input.
        Topic.ANY_TIMESTAMP.forEach((name, value) -> all.put(StreamsConfig.topicPrefix(name), value));
        addConsumers(all);
        peerAddress.ifPresent(address -> addPeerAddress(all, address));
        addProducers(all);
        addAdmin(all);
        kafka.clientSettings().forEach(all::put);
        return all;
    }

    private static void addTasks(Properties all) {
        // The cursor, the answers and the input offsets commit together. All guarantees rest on this.
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // No waiting for the other source topic, which costs 10 to 20 % of the throughput. A grab never overtakes the
        // opening of its packet, because clients send grabs after they have read the opened event.
        all.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        // Names of internal topics must not depend on the order of the nodes.
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedStoreMemory.class);
        all.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, FailStreamThread.class);
        // Without this setting Streams warns at every start, although there is no global store. The assignor of each
        // main consumer reads the setting too. Its constant is deprecated already.
        String globalHandler = "processing.exception.handler.global.enabled";
        all.put(globalHandler, true);
        all.put(StreamsConfig.mainConsumerPrefix(globalHandler), true);
    }

    private static void addConsumers(Properties all) {
        // The streams protocol still has assignment faults in 4.3.1 (KAFKA-20899, KAFKA-20719).
        all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // The partitions of a dead instance move after the session timeout. With a shorter one, a pause of the JVM
        // would look like death.
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        // Bytes: some 20,000 grabs, or of hostile records 100 MB in memory. The default of 50 MiB could be gigabytes.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 2 * 1024 * 1024);
    }

    private static void addPeerAddress(Properties all, HostInfo address) {
        // Spreads the address to the other instances with the assignment of partitions.
        all.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address.host() + ":" + address.port());
        // Only members with a name of their own can be removed from the group by others.
        all.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                Takeover.groupInstanceId(address));
    }

    private void addAdmin(Properties all) {
        Map<String, Object> clients = kafka.clientSettings();
        if (!clients.containsKey(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
            // Milliseconds. A task that restores first asks where its changelogs end. A request to a leader that hangs
            // is given up after this time, and the next one goes to the new leader. With the default of 60 s, a broker
            // that hangs held up partitions for more than a minute. Twice as long as one request may take.
            int requestTimeout =
                    Integer.parseInt(String.valueOf(clients.get(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG)));
            all.put(
                    StreamsConfig.adminClientPrefix(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG),
                    2 * requestTimeout);
        }
    }

    private static void addProducers(Properties all) {
        // A dead letter carries up to a megabyte of the input record, and headers.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 2 * 1024 * 1024);
        // Award results repeat their field names. Compressed they have a fifth of the bytes, for less CPU than it takes
        // to send and store the rest.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        // Bytes, about 300 results. Every batch allocates its own buffers: with the default of 16 KiB they are a third
        // of all allocation.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 65_536);
        // Milliseconds. While a topic is missing, a send blocks the stream thread for this long, with all its
        // partitions. Kafka gives up the transaction then anyway (transaction.timeout.ms). The default is 60 s.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 10_000);
        // Milliseconds. The coordinator refuses a new transaction while it writes the markers of the last one. With the
        // default of 100, each commit that follows another one at once would wait that long.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2);
    }
}
