package redpacket.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Topic;
import redpacket.events.TraceContext;

/**
 * Sends open commands and grabs. Thread-safe; a process needs one instance.
 *
 * <p>A completed future means that Kafka has stored the record. The answer of the pipeline comes on
 * {@code redpacket.packets} or {@code redpacket.awards}. After a failed future the record may or may not have been
 * stored. Then send the same command or the same grab id again: the answer is the same, from the opening of the packet
 * until the pipeline forgets it. Futures complete on the thread of the Kafka producer, so callbacks must not block.
 *
 * <p>All records of a packet must be in one partition. Kafka's default partitioner (murmur2 of the key) ensures that.
 * Producers built on librdkafka, such as kcat, use another hash, and need {@code partitioner=murmur2_random}. A record
 * in a wrong partition becomes a dead letter.
 */
public final class PacketProducer implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;

    private PacketProducer(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Creates a producer, which connects on first use.
     *
     * @param kafkaSettings settings of the Kafka producer, {@code bootstrap.servers} at least. They override the
     *     defaults of this class, except those that its promises depend on
     * @throws IllegalArgumentException if the settings spread the records of a packet over partitions
     * @throws org.apache.kafka.common.KafkaException if the Kafka client rejects the settings
     */
    public static PacketProducer connect(Map<String, ?> kafkaSettings) {
        Map<String, Object> settings = new HashMap<>();
        // The topics are not compressed, so the broker would only have to unpack the records.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        // In bytes: about 600 events. With the default of 16 KiB the batch size limits the throughput under load.
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
        // Milliseconds, for each grab that a user waits for. Under load the batches fill while others are under way.
        // The
        // default is 5.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        settings.putAll(kafkaSettings);
        for (String setting :
                new String[] {ProducerConfig.PARTITIONER_CLASS_CONFIG, ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG}) {
            if (kafkaSettings.containsKey(setting)) {
                throw new IllegalArgumentException(
                        setting + " cannot be set: the records of a packet must stay in one partition");
            }
        }
        // This is the default. But with acks=1 in the settings Kafka would silently switch it off, and lose grabs.
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new PacketProducer(new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * Sends a command to open a packet. Wait for its {@code opened} event before you send grabs.
     *
     * <p>Blocks while the buffer of the producer is full, and on first use until the topic's metadata is loaded, for at
     * most {@code max.block.ms} (60 s). After that the future fails.
     *
     * @throws InvalidEventException if the command is null, or if no packet can have its terms
     */
    public CompletableFuture<Appended> open(OpenPacket command) {
        return open(command, TraceContext.NONE);
    }

    /** Sends a command that belongs to a trace. Its answer continues it. Otherwise like {@link #open(OpenPacket)}. */
    public CompletableFuture<Appended> open(OpenPacket command, TraceContext trace) {
        if (command == null) {
            throw new InvalidEventException("the open command is null");
        }
        return send(Topic.OPENS, command.packetId(), Json.write(command.requirePossible()), trace);
    }

    /**
     * Sends a command to cancel a packet. Blocks like {@link #open(OpenPacket)}.
     *
     * @throws InvalidEventException if the command is null
     */
    public CompletableFuture<Appended> cancel(CancelPacket command) {
        return cancel(command, TraceContext.NONE);
    }

    /** Sends a command that belongs to a trace. Its answer continues it. Like {@link #cancel(CancelPacket)}. */
    public CompletableFuture<Appended> cancel(CancelPacket command, TraceContext trace) {
        if (command == null) {
            throw new InvalidEventException("the command to cancel is null");
        }
        return send(Topic.OPENS, command.packetId(), Json.write(command), trace);
    }

    /**
     * Sends a grab. Blocks like {@link #open(OpenPacket)}.
     *
     * @throws InvalidEventException if the grab is null
     */
    public CompletableFuture<Appended> grab(Grab grab) {
        return grab(grab, TraceContext.NONE);
    }

    /** Sends a grab that belongs to a trace. Its answer continues it. Otherwise like {@link #grab(Grab)}. */
    public CompletableFuture<Appended> grab(Grab grab, TraceContext trace) {
        if (grab == null) {
            throw new InvalidEventException("the grab is null");
        }
        return send(Topic.GRABS, grab.packetId(), Json.write(grab), trace);
    }

    /** Sends all records that wait for their batch to fill, and waits until every future is complete. */
    public void flush() {
        producer.flush();
    }

    /** Waits until every future is complete, for at most {@code delivery.timeout.ms} (2 minutes). */
    @Override
    public void close() {
        producer.close();
    }

    /** Uses Kafka's callback, which is always called; Kafka's own future has no callbacks. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Appended> send(Topic topic, String packetId, byte[] json, TraceContext trace) {
        CompletableFuture<Appended> appended = new CompletableFuture<>();
        byte[] key = packetId.getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> command = new ProducerRecord<>(topic.topicName(), key, json);
        if (!trace.equals(TraceContext.NONE)) {
            trace.headers().forEach((name, value) -> command.headers().add(name, value.getBytes(UTF_8)));
        }
        producer.send(command, (record, failure) -> {
            if (failure == null) {
                appended.complete(new Appended(record.partition(), record.offset(), record.timestamp()));
            } else {
                appended.completeExceptionally(failure);
            }
        });
        return appended;
    }
}
