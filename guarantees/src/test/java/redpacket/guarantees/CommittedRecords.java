package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.local.faults.BreakablePipeline;

/** All that is committed on the topics, read in the plainest way: for checks that do not rely on the audit. */
final class CommittedRecords {
    private final Map<Topic, List<ConsumerRecord<byte[], byte[]>>> records = new EnumMap<>(Topic.class);

    /** A result and where it stands. */
    record Award(int partition, AwardResult result) {}

    static CommittedRecords read(KafkaAddress kafka) {
        CommittedRecords history = new CommittedRecords();
        Map<String, Object> settings = kafka.clientSettings();
        settings.put("isolation.level", "read_committed");
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
                history.records.put(topic, all);
            }
        }
        return history;
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

    /** The records that are grabs, by the rules of the contract. */
    List<ConsumerRecord<byte[], byte[]>> readableGrabs() {
        return records.get(Topic.GRABS).stream()
                .filter(record -> grab(record).isPresent())
                .toList();
    }

    static boolean isTick(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null && record.headers().lastHeader(Topic.TICK_HEADER) != null;
    }

    /** Where Kafka's default partitioner puts a key. */
    static int rightPartition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % BreakablePipeline.PARTITIONS;
    }

    static Optional<Grab> grab(ConsumerRecord<byte[], byte[]> record) {
        try {
            Grab grab = Json.readGrab(record.value());
            boolean isInPlace = record.key() != null
                    && grab.packetId().equals(new String(record.key(), UTF_8))
                    && record.partition() == rightPartition(record.key());
            return isInPlace ? Optional.of(grab) : Optional.empty();
        } catch (InvalidEventException e) {
            return Optional.empty();
        }
    }
}
