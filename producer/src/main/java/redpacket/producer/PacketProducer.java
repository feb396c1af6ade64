package redpacket.producer;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Topic;

/**
 * Puts open commands and grabs on their topics. Safe for many threads; one for each process is enough.
 *
 * <p>The future tells that Kafka has the record, not what the pipeline makes of it: the answer comes on
 * {@code redpacket.packets} or {@code redpacket.awards}. After a failed future the record may or may not have been
 * stored; send the same command or the same grab id again, and the answer is the same. Futures complete on the
 * producer's own thread: don't block in what hangs on them.
 *
 * <p>A packet's records must all be in one partition, which Kafka's default partitioner (murmur2 of the key) sees to.
 * Producers built on librdkafka, such as kcat, hash otherwise: set {@code partitioner=murmur2_random} there. A record in
 * another partition becomes a dead letter.
 */
public final class PacketProducer implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;

    private PacketProducer(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Connects on first use.
     *
     * @param kafkaSettings Kafka's producer settings, {@code bootstrap.servers} at least; they go before this class's
     *     choices, but not before what its promises rest on
     * @throws IllegalArgumentException if they spread a packet's records over partitions
     * @throws org.apache.kafka.common.KafkaException if Kafka's client refuses them
     */
    public static PacketProducer connect(Map<String, ?> kafkaSettings) {
        Map<String, Object> settings = new HashMap<>();
        // Events are alike and small: a batch shrinks to about a fifth, for next to no CPU.
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        // Bytes, about 600 events. The default of 16 KiB makes the batch, not the network, the limit under load.
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
        settings.putAll(kafkaSettings);
        for (String setting :
                new String[] {ProducerConfig.PARTITIONER_CLASS_CONFIG, ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG}) {
            if (kafkaSettings.containsKey(setting)) {
                throw new IllegalArgumentException(
                        setting + " cannot be set: the records of a packet must stay in one partition");
            }
        }
        // The default, but one that gives way silently to acks=1, which loses grabs, or to retries out of order.
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new PacketProducer(new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /**
     * Sends a command to open a packet. The packet may be grabbed once its {@code opened} event can be read.
     *
     * <p>Blocks while the producer's buffer is full, and on first use until the topic is known, at most
     * {@code max.block.ms} (60 s); after that the future fails.
     *
     * @throws InvalidEventException if there is no command
     */
    public CompletableFuture<Appended> open(OpenPacket command) {
        if (command == null) {
            throw new InvalidEventException("the open command is null");
        }
        return send(Topic.OPENS, command.packetId(), Json.write(command));
    }

    /**
     * Sends a grab. Blocks as {@link #open} does.
     *
     * @throws InvalidEventException if there is no grab
     */
    public CompletableFuture<Appended> grab(Grab grab) {
        if (grab == null) {
            throw new InvalidEventException("the grab is null");
        }
        return send(Topic.GRABS, grab.packetId(), Json.write(grab));
    }

    /** Sends at once what is still waiting for its batch to fill, and waits until each future is complete. */
    public void flush() {
        producer.flush();
    }

    /** Waits until each future is complete, at most {@code delivery.timeout.ms} (2 minutes). */
    @Override
    public void close() {
        producer.close();
    }

    /** The callback, unlike Kafka's own future, tells who waits; it is called in every case. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private CompletableFuture<Appended> send(Topic topic, String packetId, byte[] json) {
        CompletableFuture<Appended> appended = new CompletableFuture<>();
        byte[] key = packetId.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic.topicName(), key, json), (record, failure) -> {
            if (failure == null) {
                appended.complete(new Appended(record.partition(), record.offset(), record.timestamp()));
            } else {
                appended.completeExceptionally(failure);
            }
        });
        return appended;
    }
}
