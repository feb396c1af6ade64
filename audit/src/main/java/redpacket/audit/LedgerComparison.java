package redpacket.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import redpacket.audit.Violation.Kind;
import redpacket.clients.LedgerAddress;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;

/**
 * Compares the ledger with the topics, row by record and cent by cent, up to the ledger's positions.
 *
 * <p>Reads the tables as documented. Shares no code with the ledger.
 */
final class LedgerComparison {
    /** The rows of a partition of {@code redpacket.awards}, as the text that {@link #describe} produces for records. */
    private static final String AWARDS = """
            SELECT record_offset, 'award' AS kind, packet_id, concat('share ', share_index, ' of ', cents,
                ' cents ', currency, ' ', prize, ' to user ', user_id, ' by grab ', grab_id, ' at ',
                (extract(epoch FROM grabbed_at) * 1000)::bigint)
            FROM redpacket.awards WHERE partition = ?
            ORDER BY record_offset, kind
            """;

    /** The same for {@code redpacket.packets}. */
    private static final String PACKETS = """
            SELECT record_offset, 'funding' AS kind, packet_id, concat(cents, ' cents ', currency, ' in ', shares,
                ' shares ', split, ' from ', sender_id, ' for ', campaign, ' at ',
                (extract(epoch FROM opened_at) * 1000)::bigint, ' until ',
                (extract(epoch FROM deadline_at) * 1000)::bigint, ' bound to ', commitment)
            FROM redpacket.packets WHERE partition = ?
            UNION ALL
            SELECT record_offset, 'closing', packet_id, concat(status, ', ', awarded_cents, ' cents in ',
                awarded_shares, ' shares, luckiest ', luckiest_user_id, ', seed ', seed, ' at ',
                (extract(epoch FROM closed_at) * 1000)::bigint)
            FROM redpacket.closings WHERE partition = ?
            UNION ALL
            SELECT record_offset, 'refund', packet_id, concat(cents, ' cents ', currency, ' at ',
                (extract(epoch FROM refunded_at) * 1000)::bigint)
            FROM redpacket.refunds WHERE partition = ?
            ORDER BY record_offset, kind
            """;

    private static final String ROW_PARTITIONS_OF_AWARDS = "SELECT DISTINCT partition FROM redpacket.awards";
    private static final String ROW_PARTITIONS_OF_PACKETS = "SELECT partition FROM redpacket.packets"
            + " UNION SELECT partition FROM redpacket.closings UNION SELECT partition FROM redpacket.refunds";

    private static final Comparator<Row> ORDER =
            Comparator.comparingLong(Row::offset).thenComparing(Row::kind);

    /** Rows per fetch: a table does not fit into memory. */
    private static final int FETCH = 5_000;

    private static final String NO_SUCH_TABLE = "42P01";

    /** The content of a row, or the content that a record requires. */
    private record Row(long offset, String kind, String packetId, String text) {
        @Override
        public String toString() {
            return kind + " of packet " + packetId + ": " + text;
        }
    }

    private record Position(long first, long next) {
        static final Position NONE = new Position(0, 0);
    }

    private final Connection connection;
    private final BiFunction<TopicPartition, Long, CommittedLog> logs;
    private final Findings findings;
    private long rows;
    private long lag;
    private long uncovered;

    private LedgerComparison(
            Connection connection, BiFunction<TopicPartition, Long, CommittedLog> logs, Findings findings) {
        this.connection = connection;
        this.logs = logs;
        this.findings = findings;
    }

    /**
     * Adds all differences to the findings.
     *
     * @param partitions of {@code redpacket.awards} and {@code redpacket.packets}
     * @param logs opens a partition at an offset
     * @throws HistoryUnreadableException if there is no ledger
     */
    static Report.Ledger run(
            LedgerAddress address,
            List<TopicPartition> partitions,
            BiFunction<TopicPartition, Long, CommittedLog> logs,
            Findings findings) {
        try (Connection connection = address.connect()) {
            // One snapshot of the ledger, so that rows and positions agree.
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            LedgerComparison comparison = new LedgerComparison(connection, logs, findings);
            comparison.compare(partitions);
            return new Report.Ledger(comparison.rows, comparison.lag, comparison.uncovered);
        } catch (SQLException e) {
            throw unreadable(address, e);
        }
    }

    /**
     * The number of records that the ledger has not read.
     *
     * @param ends of the partitions of {@code redpacket.awards} and {@code redpacket.packets}
     * @throws HistoryUnreadableException if there is no ledger
     */
    static long lag(LedgerAddress address, Map<TopicPartition, Long> ends) {
        try (Connection connection = address.connect()) {
            Map<TopicPartition, Position> positions = positions(connection);
            return ends.entrySet().stream()
                    .mapToLong(end -> end.getValue()
                            - positions
                                    .getOrDefault(end.getKey(), Position.NONE)
                                    .next())
                    .map(behind -> Math.max(0, behind))
                    .sum();
        } catch (SQLException e) {
            throw unreadable(address, e);
        }
    }

    private static HistoryUnreadableException unreadable(LedgerAddress address, SQLException e) {
        return new HistoryUnreadableException(
                NO_SUCH_TABLE.equals(e.getSQLState())
                        ? "There is no ledger in PostgreSQL at " + address + "."
                        : "The ledger cannot be read: " + e.getMessage(),
                e);
    }

    private void compare(List<TopicPartition> partitions) throws SQLException {
        Map<TopicPartition, Position> positions = positions(connection);
        for (TopicPartition partition : partitions) {
            Position position = positions.getOrDefault(partition, Position.NONE);
            CommittedLog log = logs.apply(partition, position.first());
            lag += Math.max(0, log.end() - Math.max(log.begin(), position.next()));
            try (Rows ledger = new Rows(partition)) {
                compare(new Records(log, position.next()), ledger);
            }
        }
        Set<TopicPartition> known = new HashSet<>(positions.keySet());
        known.addAll(partitionsOfRows());
        partitions.forEach(known::remove);
        for (TopicPartition unknown : known) {
            try (Rows ledger = new Rows(unknown)) {
                for (Row row = ledger.next(); row != null; row = ledger.next()) {
                    onlyInLedger(unknown, row);
                }
            }
        }
    }

    private static Map<TopicPartition, Position> positions(Connection connection) throws SQLException {
        Map<TopicPartition, Position> positions = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT topic, partition, first_offset, next_offset FROM redpacket.positions");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                positions.put(
                        new TopicPartition(row.getString(1), row.getInt(2)),
                        new Position(row.getLong(3), row.getLong(4)));
            }
        }
        return positions;
    }

    /** Partitions that have rows but no position. */
    private Set<TopicPartition> partitionsOfRows() throws SQLException {
        Set<TopicPartition> found = new HashSet<>();
        for (Topic topic : List.of(Topic.AWARDS, Topic.PACKETS)) {
            String partitions = topic == Topic.AWARDS ? ROW_PARTITIONS_OF_AWARDS : ROW_PARTITIONS_OF_PACKETS;
            try (PreparedStatement select = connection.prepareStatement(partitions);
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new TopicPartition(topic.topicName(), row.getInt(1)));
                }
            }
        }
        return found;
    }

    private void compare(Records records, Rows ledger) throws SQLException {
        Row wanted = records.next();
        Row found = ledger.next();
        while (wanted != null || found != null) {
            int order = wanted == null ? 1 : found == null ? -1 : ORDER.compare(wanted, found);
            if (order < 0) {
                missing(ledger.partition, wanted);
            } else if (order == 0) {
                if (!wanted.equals(found)) {
                    add(
                            Kind.DIFFERENT_IN_LEDGER,
                            ledger.partition,
                            wanted,
                            "the ledger has the " + found + "; the topic has the " + wanted);
                }
            } else if (found.offset() < records.log.begin()) {
                uncovered++;
            } else {
                onlyInLedger(ledger.partition, found);
            }
            if (order >= 0) {
                rows++;
                found = ledger.next();
            }
            if (order <= 0) {
                wanted = records.next();
            }
        }
    }

    private void missing(TopicPartition partition, Row wanted) throws SQLException {
        if (wanted.kind().equals("funding") && isFundedBefore(partition, wanted)) {
            return;
        }
        add(Kind.MISSING_IN_LEDGER, partition, wanted, "the ledger lacks the " + wanted);
    }

    private void onlyInLedger(TopicPartition partition, Row found) {
        add(Kind.ONLY_IN_LEDGER, partition, found, "only the ledger has the " + found);
    }

    /** A repeated command is answered with the same event again, which is no second funding. */
    private boolean isFundedBefore(TopicPartition partition, Row wanted) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT FROM redpacket.packets WHERE packet_id = ? AND partition = ? AND record_offset < ?")) {
            select.setString(1, wanted.packetId());
            select.setInt(2, partition.partition());
            select.setLong(3, wanted.offset());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private void add(Kind kind, TopicPartition partition, Row row, String sentence) {
        findings.add(kind, partition.topic(), partition.partition(), row.offset(), row.packetId(), sentence);
    }

    /** The rows that a record requires. */
    private static List<Row> describe(ConsumerRecord<byte[], byte[]> answer) {
        try {
            if (answer.topic().equals(Topic.AWARDS.topicName())) {
                AwardResult award = Json.readAward(answer.value());
                return award.movesMoney() ? List.of(describe(answer.offset(), award)) : List.of();
            }
            return describe(answer.offset(), Json.readPacketEvent(answer.value()));
        } catch (InvalidEventException e) {
            // The audit of the topics reports it.
            return List.of();
        }
    }

    private static Row describe(long offset, AwardResult award) {
        return new Row(
                offset,
                "award",
                award.packetId(),
                "share " + award.share().index() + " of " + award.share().cents() + " cents "
                        + orNothing(award.currency()) + " "
                        + orNothing(award.share().prize()) + " to user " + award.userId() + " by grab " + award.grabId()
                        + " at " + award.grabbedAtMillis());
    }

    private static List<Row> describe(long offset, PacketEvent event) {
        return event.match(
                opened -> List.of(funding(offset, opened)),
                closed -> closed.match(
                        soldOut -> List.of(closing(offset, soldOut)),
                        expired -> List.of(closing(offset, expired), refund(offset, expired, expired.refundedCents())),
                        cancelled -> List.of(
                                closing(offset, cancelled), refund(offset, cancelled, cancelled.refundedCents()))),
                rejected -> List.of(),
                cancelAnswered -> List.of());
    }

    private static Row funding(long offset, PacketEvent.Opened packet) {
        return new Row(
                offset,
                "funding",
                packet.packetId(),
                packet.totalCents() + " cents " + orNothing(packet.currency()) + " in " + packet.shares() + " shares "
                        + packet.split() + " from "
                        + packet.senderId() + " for " + orNothing(packet.campaign()) + " at "
                        + packet.openedAtMillis() + " until " + packet.deadlineMillis() + " bound to "
                        + packet.commitment());
    }

    private static Row closing(long offset, PacketEvent.Closed closing) {
        String status = closing.match(soldOut -> "sold out", expired -> "expired", cancelled -> "cancelled");
        String luckiest = closing.luckiest() == null ? null : closing.luckiest().userId();
        return new Row(
                offset,
                "closing",
                closing.packetId(),
                status + ", " + closing.awardedCents() + " cents in " + closing.awardedShares() + " shares, luckiest "
                        + orNothing(luckiest) + ", seed " + closing.seed() + " at " + closing.closedAtMillis());
    }

    private static Row refund(long offset, PacketEvent.Closed closed, long cents) {
        return new Row(
                offset,
                "refund",
                closed.packetId(),
                cents + " cents " + orNothing(closed.currency()) + " at " + closed.closedAtMillis());
    }

    /** Formats null as PostgreSQL's concat does. */
    private static String orNothing(String text) {
        return text == null ? "" : text;
    }

    /** The content that the records of a partition require. */
    private static final class Records {
        private final CommittedLog log;
        private final long end;
        private final Queue<Row> ahead = new ArrayDeque<>();

        Records(CommittedLog log, long end) {
            this.log = log;
            this.end = end;
        }

        Row next() {
            while (ahead.isEmpty()) {
                ConsumerRecord<byte[], byte[]> answer = log.next();
                if (answer == null || answer.offset() >= end) {
                    return null;
                }
                ahead.addAll(describe(answer));
            }
            return ahead.remove();
        }
    }

    /** The content of the ledger for a partition. */
    private final class Rows implements AutoCloseable {
        private final TopicPartition partition;
        private final PreparedStatement select;
        private final ResultSet row;

        Rows(TopicPartition partition) throws SQLException {
            this.partition = partition;
            boolean awards = partition.topic().equals(Topic.AWARDS.topicName());
            this.select = connection.prepareStatement(awards ? AWARDS : PACKETS);
            select.setFetchSize(FETCH);
            for (int i = 1; i <= select.getParameterMetaData().getParameterCount(); i++) {
                select.setInt(i, partition.partition());
            }
            this.row = select.executeQuery();
        }

        Row next() throws SQLException {
            return row.next() ? new Row(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)) : null;
        }

        @Override
        public void close() throws SQLException {
            select.close();
        }
    }
}
