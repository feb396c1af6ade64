package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.awaitility.Awaitility;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.clients.Topics;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalServers;
import redpacket.reader.ReadCommitted;
import redpacket.service.Health;
import redpacket.service.Metrics;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.PacketLifetime;

/**
 * A topology with a real Kafka and a real Redis, with a producer for its input and a read-committed view of its output.
 */
final class RunningPipeline implements AutoCloseable {
    static final String SECRET = "only for the tests, 32 characters";
    static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final HostInfo ANY_PORT = new HostInfo("127.0.0.1", 0);

    private final KafkaAddress kafka;
    private final RedisAddress redisAddress;
    private final Path stateDirectory;
    private final PacketLifetime lifetime;
    private final KafkaProducer<byte[], byte[]> producer;
    private RedisConnection redis;
    private ShareQueues queues;
    private RedPacketApplication application;

    static RunningPipeline start(LocalServers servers, Path stateDirectory, PacketLifetime lifetime) {
        return start(servers.kafka(), servers.redis(), stateDirectory, lifetime);
    }

    static RunningPipeline start(KafkaAddress kafka, RedisAddress redis, Path stateDirectory, PacketLifetime lifetime) {
        RunningPipeline pipeline = new RunningPipeline(kafka, redis, stateDirectory, lifetime);
        pipeline.startTopology();
        return pipeline;
    }

    /** A Kafka with the topics, which the test can stop. */
    static LocalKafka startKafka(int partitions) {
        LocalKafka kafka = LocalKafka.start();
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            Topics.create(admin, partitions, (short) 1, Map.of());
        }
        return kafka;
    }

    /** Only sends and reads: the topology is elsewhere. */
    static RunningPipeline withoutTopology(KafkaAddress kafka) {
        return new RunningPipeline(kafka, null, null, null);
    }

    private RunningPipeline(
            KafkaAddress kafka, RedisAddress redisAddress, Path stateDirectory, PacketLifetime lifetime) {
        this.kafka = kafka;
        this.redisAddress = redisAddress;
        this.stateDirectory = stateDirectory;
        this.lifetime = lifetime;
        Map<String, Object> settings = kafka.clientSettings();
        settings.put("linger.ms", 5);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void startTopology() {
        redis = RedisConnection.open(redisAddress);
        queues = new ShareQueues(redis);
        application = RedPacketApplication.start(
                new StreamsSettings(kafka, "redpacket", stateDirectory, 2, 1, Optional.of(ANY_PORT), Duration.ZERO),
                TopologyDependencies.of(SeedSecret.of(SECRET), queues, lifetime));
    }

    /** Does nothing if it is stopped. */
    void stopTopology() {
        if (application != null) {
            application.close();
            queues.close();
            redis.close();
            application = null;
        }
    }

    ShareQueues queues() {
        return queues;
    }

    void showIn(Metrics metrics) {
        application.showIn(metrics);
    }

    Health health() {
        return application.health(redis);
    }

    /** Redis calls since the latest start of the topology. */
    long redisCalls() {
        return queues.calls();
    }

    RecordMetadata open(OpenPacket command) {
        return get(send(Topic.OPENS, command.packetId(), Json.write(command)));
    }

    Future<RecordMetadata> grab(Grab grab) {
        return send(Topic.GRABS, grab.packetId(), Json.write(grab));
    }

    RecordMetadata grab(String packetId, String userId, String grabId) {
        return get(grab(new Grab(grabId, packetId, userId)));
    }

    /** Sends a grab as a client with another partitioner would. */
    RecordMetadata grabInPartition(int partition, String packetId, String userId, String grabId) {
        byte[] grab = Json.write(new Grab(grabId, packetId, userId));
        return get(producer.send(
                new ProducerRecord<>(Topic.GRABS.topicName(), partition, packetId.getBytes(UTF_8), grab)));
    }

    Future<RecordMetadata> send(Topic topic, String key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic.topicName(), key == null ? null : key.getBytes(UTF_8), value));
    }

    void flush() {
        producer.flush();
    }

    static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All committed answers so far, partition by partition in their order. */
    List<AwardResult> awards() {
        return records(Topic.AWARDS).stream()
                .map(record -> Json.readAward(record.value()))
                .toList();
    }

    List<PacketEvent> packetEvents() {
        return records(Topic.PACKETS).stream()
                .map(record -> Json.readPacketEvent(record.value()))
                .toList();
    }

    List<AwardResult> awaitAwards(int atLeast) {
        return Awaitility.await().atMost(TIMEOUT).until(this::awards, awards -> awards.size() >= atLeast);
    }

    AwardResult awaitAnswerTo(RecordMetadata grab) {
        return Awaitility.await()
                .atMost(TIMEOUT)
                .until(
                        () -> records(Topic.AWARDS).stream()
                                .filter(record -> record.partition() == grab.partition())
                                .map(record -> Json.readAward(record.value()))
                                .filter(award -> award.grabOffset() == grab.offset())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    List<PacketEvent> awaitPacketEvents(int atLeast) {
        return Awaitility.await().atMost(TIMEOUT).until(this::packetEvents, events -> events.size() >= atLeast);
    }

    /** Everything committed on a topic up to now, by partition and offset. */
    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (PartitionInfo partition : consumer.partitionsFor(topic.topicName())) {
                TopicPartition assigned = new TopicPartition(topic.topicName(), partition.partition());
                consumer.assign(List.of(assigned));
                consumer.seekToBeginning(List.of(assigned));
                long end = consumer.endOffsets(List.of(assigned)).get(assigned);
                while (consumer.position(assigned) < end) {
                    consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        stopTopology();
        producer.close();
    }
}
