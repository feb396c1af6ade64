package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.local.faults.BreakablePipeline;
import redpacket.reader.ReadCommitted;

/** All committed records of the topics, read in the simplest way, for checks that do not rely on the audit. */
final class CommittedRecords {
    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);

    /** A result and its partition. */
    record Award(int partition, AwardResult result) {}

    private CommittedRecords(Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records) {
        for (Topic topic : Topic.values()) {
            this.records.put(topic, records.getOrDefault(topic, List.of()));
        }
    }

    /** Records that a test gives. Topics that are not named are empty. */
    static CommittedRecords of(Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records) {
        return new CommittedRecords(records);
    }

    static CommittedRecords read(KafkaAddress kafka) {
        Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (Topic topic : Topic.values()) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
                while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                    consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                }
                records.put(topic, all);
            }
        }
        return new CommittedRecords(records);
    }

    List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        return records.get(topic);
    }

    List<Award> awards() {
        return records.get(Topic.AWARDS).stream()
                .map(record -> new Award(record.partition(), Json.readAward(record.value())))
                .toList();
    }

    <E extends PacketEvent> List<E> packetEvents(Class<E> kind) {
        return records.get(Topic.PACKETS).stream()
                .map(record -> Json.readPacketEvent(record.value()))
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /** The records that are grabs by the rules of the contract. */
    List<ConsumerRecord<byte[], byte[]>> readableGrabs() {
        return records.get(Topic.GRABS).stream()
                .filter(record -> grab(record).isPresent())
                .toList();
    }

    /** The windows of the statistics, every revision of each, in the order of the log. */
    List<WindowStats> windows() {
        return records.get(Topic.STATS).stream()
                .map(record -> Json.readStats(record.value()))
                .toList();
    }

    /** The records of an input topic that are neither valid nor ticks. */
    List<ConsumerRecord<byte[], byte[]>> unreadable(Topic input) {
        return records.get(input).stream()
                .filter(record -> !isTick(record))
                .filter(record -> packetId(record).isEmpty())
                .toList();
    }

    private static Optional<String> packetId(ConsumerRecord<byte[], byte[]> input) {
        return input.topic().equals(Topic.GRABS.topicName())
                ? grab(input).map(Grab::packetId)
                : open(input).map(OpenPacket::packetId);
    }

    static boolean isTick(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null && record.headers().lastHeader(Topic.TICK_HEADER) != null;
    }

    /** The partition that Kafka's default partitioner chooses for a key. */
    static int rightPartition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % BreakablePipeline.PARTITIONS;
    }

    static Optional<Grab> grab(ConsumerRecord<byte[], byte[]> record) {
        return read(record, Json::readGrab, Grab::packetId);
    }

    private static Optional<OpenPacket> open(ConsumerRecord<byte[], byte[]> record) {
        return read(record, Json::readOpen, OpenPacket::packetId);
    }

    private static <T> Optional<T> read(
            ConsumerRecord<byte[], byte[]> record, Function<byte[], T> reader, Function<T, String> packetId) {
        try {
            T event = reader.apply(record.value());
            boolean isInPlace = record.key() != null
                    && packetId.apply(event).equals(new String(record.key(), UTF_8))
                    && record.partition() == rightPartition(record.key());
            return isInPlace ? Optional.of(event) : Optional.empty();
        } catch (InvalidEventException e) {
            return Optional.empty();
        }
    }
}
