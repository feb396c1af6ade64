package redpacket.sink.readmodel;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.reader.ReadCommitted;

/** The oracle of the read model: reads the topics into memory and folds them with plain collections. */
final class NaiveReadModel {
    private final Map<String, PacketEvent.Opened> opened = new LinkedHashMap<>();
    private final Map<String, PacketEvent.Closed> closed = new LinkedHashMap<>();
    private final Map<String, List<Award>> winners = new LinkedHashMap<>();
    private final List<Award> awards = new ArrayList<>();
    private final Map<String, TreeMap<Long, WindowStats>> windows = new LinkedHashMap<>();

    static NaiveReadModel of(KafkaAddress kafka) {
        NaiveReadModel model = new NaiveReadModel();
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(Topic.AWARDS, Topic.PACKETS, Topic.STATS)
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = ends(kafka, partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(model::add);
            }
        }
        return model;
    }

    /** The ends of the partitions, also behind transactions whose commit markers are not written everywhere yet. */
    private static Map<TopicPartition, Long> ends(KafkaAddress kafka, List<TopicPartition> partitions) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.clientSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(partitions);
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(Topic.AWARDS.topicName())) {
            add(Json.readAward(record.value()));
        } else if (record.topic().equals(Topic.PACKETS.topicName())) {
            add(Json.readPacketEvent(record.value()));
        } else {
            WindowStats stats = Json.readStats(record.value());
            windows.computeIfAbsent(stats.scope(), scope -> new TreeMap<>(Comparator.reverseOrder()))
                    .merge(
                            stats.windowStartMillis(),
                            stats,
                            (one, other) -> one.revision() > other.revision() ? one : other);
        }
    }

    private void add(AwardResult result) {
        if (!result.movesMoney()) {
            return;
        }
        Award award = new Award(
                result.packetId(),
                result.userId(),
                result.grabId(),
                result.share(),
                result.grabbedAtMillis(),
                result.currency());
        awards.add(award);
        if (award.share().index() == 0) {
            winners.put(award.packetId(), new ArrayList<>());
        }
        winners.get(award.packetId()).add(award);
    }

    private void add(PacketEvent event) {
        event.handle(
                opening -> {
                    PacketEvent.Opened before = opened.put(opening.packetId(), opening);
                    if (before == null || before.openedAtMillis() != opening.openedAtMillis()) {
                        closed.remove(opening.packetId());
                    }
                },
                end -> closed.put(end.packetId(), end),
                rejected -> {},
                cancelAnswered -> {});
    }

    Map<String, PacketView> packets() {
        Map<String, PacketView> packets = new TreeMap<>();
        opened.forEach((packetId, terms) -> packets.put(packetId, view(terms)));
        return packets;
    }

    private PacketView view(PacketEvent.Opened terms) {
        PacketEvent.Closed end = closed.get(terms.packetId());
        List<Award> won = winners(terms.packetId());
        PacketEvent.Luckiest luckiest = won.stream()
                .max(Comparator.<Award>comparingLong(award -> award.share().cents())
                        .thenComparing(award -> -award.share().index()))
                .map(award -> new PacketEvent.Luckiest(award.userId(), award.share()))
                .orElse(null);
        PacketView.Status status = PacketView.Status.OPENED;
        if (end != null) {
            status = end.match(
                    soldOut -> PacketView.Status.SOLD_OUT,
                    expired -> PacketView.Status.EXPIRED,
                    cancelled -> PacketView.Status.CANCELLED);
        }
        return new PacketView(
                terms.packetId(),
                status,
                terms.senderId(),
                terms.totalCents(),
                terms.shares(),
                terms.split(),
                terms.campaign(),
                terms.openedAtMillis(),
                terms.deadlineMillis(),
                terms.commitment(),
                won.size(),
                won.stream().mapToLong(award -> award.share().cents()).sum(),
                luckiest,
                end == null ? null : end.closedAtMillis(),
                end == null
                        ? null
                        : end.match(
                                soldOut -> null,
                                PacketEvent.Expired::refundedCents,
                                PacketEvent.Cancelled::refundedCents),
                end == null ? null : end.seed(),
                terms.startsAtMillis(),
                terms.minCents(),
                terms.maxCents(),
                terms.prizes(),
                terms.onlyUsers(),
                terms.currency(),
                terms.title(),
                true);
    }

    List<Award> winners(String packetId) {
        List<Award> won = winners.getOrDefault(packetId, List.of());
        PacketEvent.Opened terms = opened.get(packetId);
        // If the packet id is used again, the winners of the old packet do not count.
        return terms == null || won.isEmpty() || won.get(0).grabbedAtMillis() < terms.openedAtMillis()
                ? List.of()
                : won;
    }

    /** The awards of each user, newest first. */
    Map<String, List<Award>> users() {
        return awards.stream()
                .sorted(Comparator.comparingLong(Award::grabbedAtMillis)
                        .thenComparing(Award::entryOfUser)
                        .reversed())
                .collect(groupingBy(Award::userId, TreeMap::new, toList()));
    }

    /** The windows of each scope, newest first. */
    Map<String, List<WindowStats>> windows() {
        Map<String, List<WindowStats>> newestFirst = new TreeMap<>();
        windows.forEach((scope, byStart) -> newestFirst.put(scope, List.copyOf(byStart.values())));
        return newestFirst;
    }
}
