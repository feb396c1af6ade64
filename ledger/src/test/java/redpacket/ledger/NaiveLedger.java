package redpacket.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.reader.ReadCommitted;

/** Every row that the ledger must have, as text: a simple fold over the committed records. */
final class NaiveLedger {
    private NaiveLedger() {}

    /** The rows that follow from the topics, sorted. */
    static List<String> ofTopics(KafkaAddress kafka) {
        List<String> rows = new ArrayList<>();
        Set<String> opened = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : committed(kafka)) {
            String where = " " + record.partition() + "@" + record.offset();
            if (record.topic().equals(Topic.AWARDS.topicName())) {
                AwardResult result = Json.readAward(record.value());
                if (result.movesMoney()) {
                    rows.add("award %s %d %s %s %d %s %s %s"
                                    .formatted(
                                            result.packetId(),
                                            result.share().index(),
                                            result.userId(),
                                            result.grabId(),
                                            result.share().cents(),
                                            result.currency(),
                                            result.share().prize(),
                                            Instant.ofEpochMilli(result.grabbedAtMillis()))
                            + where);
                }
                continue;
            }
            PacketEvent event = Json.readPacketEvent(record.value());
            event.handle(
                    packet -> {
                        if (opened.add(packet.packetId())) {
                            rows.add(row(packet) + where);
                        }
                    },
                    closing -> {
                        rows.add(row(closing) + where);
                        List<Long> refund = closing.match(
                                soldOut -> List.of(),
                                expired -> List.of(expired.refundedCents()),
                                cancelled -> List.of(cancelled.refundedCents()));
                        refund.forEach(cents -> rows.add(
                                "refund %s %d %s".formatted(closing.packetId(), cents, closing.currency()) + where));
                    },
                    rejected -> {},
                    cancelAnswered -> {});
        }
        return rows.stream().sorted().toList();
    }

    private static String row(PacketEvent.Opened packet) {
        return "packet %s %s %s %d %d %s %s %s"
                .formatted(
                        packet.packetId(),
                        packet.campaign(),
                        packet.currency(),
                        packet.totalCents(),
                        packet.shares(),
                        packet.split(),
                        Instant.ofEpochMilli(packet.openedAtMillis()),
                        Instant.ofEpochMilli(packet.deadlineMillis()));
    }

    private static String row(PacketEvent.Closed closing) {
        return "closing %s %s %d %d %s %s"
                .formatted(
                        closing.packetId(),
                        closing.match(soldOut -> "sold out", expired -> "expired", cancelled -> "cancelled"),
                        closing.awardedShares(),
                        closing.awardedCents(),
                        closing.seed(),
                        Instant.ofEpochMilli(closing.closedAtMillis()));
    }

    /** The rows in the database, sorted. */
    static List<String> ofDatabase(LedgerAddress address) throws SQLException {
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement()) {
            return Stream.of(
                            rows(
                                    statement,
                                    "award",
                                    "SELECT packet_id, share_index, user_id, grab_id, cents, currency,"
                                            + " prize, grabbed_at, partition, record_offset FROM redpacket.awards"),
                            rows(
                                    statement,
                                    "packet",
                                    "SELECT packet_id, campaign, currency, cents, shares, split, opened_at,"
                                            + " deadline_at, partition, record_offset FROM redpacket.packets"),
                            rows(
                                    statement,
                                    "closing",
                                    "SELECT packet_id, status, awarded_shares, awarded_cents, seed, closed_at,"
                                            + " partition, record_offset FROM redpacket.closings"),
                            rows(
                                    statement,
                                    "refund",
                                    "SELECT packet_id, cents, currency, partition, record_offset"
                                            + " FROM redpacket.refunds"))
                    .flatMap(List::stream)
                    .sorted()
                    .toList();
        }
    }

    private static List<String> rows(Statement statement, String kind, String select) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(select)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                StringBuilder text = new StringBuilder(kind);
                for (int i = 1; i <= columns - 2; i++) {
                    Object value = row.getObject(i);
                    text.append(' ').append(value instanceof java.sql.Timestamp time ? time.toInstant() : value);
                }
                rows.add(text.append(' ')
                        .append(row.getInt(columns - 1))
                        .append('@')
                        .append(row.getLong(columns))
                        .toString());
            }
        }
        return rows;
    }

    private static List<ConsumerRecord<byte[], byte[]>> committed(KafkaAddress kafka) {
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(Topic.PACKETS, Topic.AWARDS)
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(each -> new TopicPartition(each.topic(), each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }
}
