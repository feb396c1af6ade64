package redpacket.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import redpacket.clients.LedgerAddress;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/** The ledger's tables, through one connection. The caller closes the connection. */
final class LedgerTables {
    private static final String SCHEMA = "redpacket";

    /** Classes of SQL states for data that breaks a rule of a table: a wrong value, a duplicate. */
    private static final List<String> AGAINST_THE_RULES = List.of("22", "23");

    private final Connection connection;

    LedgerTables(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
    }

    /** Creates missing tables in the schema {@code redpacket}. Several processes may call this at once. */
    static void layOut(LedgerAddress address) {
        Flyway.configure()
                .dataSource(address.url(), address.user(), address.password())
                .jdbcProperties(address.driverProperties())
                .schemas(SCHEMA)
                .locations("classpath:redpacket/ledger")
                .load()
                .migrate();
    }

    /**
     * Returns the next offset of each partition. Partitions that are new to the ledger start at the given beginnings.
     *
     * @param topicIds by topic name
     * @throws LedgerException if the ledger was made from other topics
     */
    Map<TopicPartition, Long> positions(Map<TopicPartition, Long> beginnings, Map<String, String> topicIds)
            throws SQLException {
        // On a conflict another process has just inserted the same row.
        try (PreparedStatement begin = connection.prepareStatement("INSERT INTO redpacket.positions"
                + " (topic, partition, first_offset, next_offset) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            for (Map.Entry<TopicPartition, Long> beginning : beginnings.entrySet()) {
                begin.setString(1, beginning.getKey().topic());
                begin.setInt(2, beginning.getKey().partition());
                begin.setLong(3, beginning.getValue());
                begin.setLong(4, beginning.getValue());
                begin.executeUpdate();
            }
            for (Map.Entry<String, String> topic : topicIds.entrySet()) {
                requireSame(topic.getKey(), topic.getValue());
            }
            Map<TopicPartition, Long> positions = read("");
            connection.commit();
            positions.keySet().retainAll(beginnings.keySet());
            return positions;
        } catch (SQLException | LedgerException e) {
            rollBack(e);
            throw e;
        }
    }

    /** Stores the id of a topic if it is missing: the positions are new, or an older release wrote them. */
    private void requireSame(String topic, String topicId) throws SQLException {
        try (PreparedStatement note = connection.prepareStatement(
                        "UPDATE redpacket.positions SET topic_id = ? WHERE topic = ? AND topic_id IS NULL");
                PreparedStatement select = connection.prepareStatement(
                        "SELECT topic_id FROM redpacket.positions WHERE topic = ? AND topic_id <> ?")) {
            note.setString(1, topicId);
            note.setString(2, topic);
            note.executeUpdate();
            select.setString(1, topic);
            select.setString(2, topicId);
            try (ResultSet other = select.executeQuery()) {
                if (other.next()) {
                    throw LedgerException.otherTopic(topic, topicId, other.getString(1));
                }
            }
        }
    }

    /**
     * Writes the whole batch or nothing.
     *
     * @throws StalePositionException if the batch does not begin at the ledger's positions
     * @throws LedgerException if a row breaks a rule of its table
     * @throws SQLException if PostgreSQL fails; only the positions then tell whether the batch was written
     */
    void write(LedgerBatch batch) throws SQLException, StalePositionException {
        try {
            lockPositions(batch.from());
            addRows(batch);
            advance(batch.next());
            connection.commit();
        } catch (SQLException e) {
            rollBack(e);
            if (breaksRule(e)) {
                throw culprit(batch, e);
            }
            throw e;
        } catch (LedgerException | StalePositionException e) {
            rollBack(e);
            throw e;
        }
    }

    /** Throws if PostgreSQL does not answer. */
    void ping() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT");
            connection.commit();
        }
    }

    /**
     * Locks all positions until the transaction ends. One process writes at a time, and the next sees moved positions.
     */
    private void lockPositions(Map<TopicPartition, Long> expected) throws SQLException, StalePositionException {
        Map<TopicPartition, Long> actual = read(" ORDER BY topic, partition FOR UPDATE");
        for (Map.Entry<TopicPartition, Long> each : expected.entrySet()) {
            if (!each.getValue().equals(actual.get(each.getKey()))) {
                throw new StalePositionException("another process has moved %s from %d to %d"
                        .formatted(each.getKey(), each.getValue(), actual.get(each.getKey())));
            }
        }
    }

    private Map<TopicPartition, Long> read(String clause) throws SQLException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try (Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("SELECT topic, partition, next_offset FROM redpacket.positions" + clause)) {
            while (row.next()) {
                positions.put(new TopicPartition(row.getString(1), row.getInt(2)), row.getLong(3));
            }
        }
        return positions;
    }

    private void addRows(LedgerBatch batch) throws SQLException {
        Insert.PACKETS.add(connection, firstOpened(batch.opened()));
        Insert.AWARDS.add(connection, batch.awards());
        Insert.CLOSINGS.add(connection, batch.closed());
        Insert.REFUNDS.add(connection, batch.refunds());
    }

    private void advance(Map<TopicPartition, Long> next) throws SQLException {
        List<TopicPartition> partitions = List.copyOf(next.keySet());
        try (PreparedStatement move = connection.prepareStatement("UPDATE redpacket.positions AS p"
                + " SET next_offset = moved.next_offset"
                + " FROM unnest(?::text[], ?::int4[], ?::int8[]) AS moved (topic, partition, next_offset)"
                + " WHERE p.topic = moved.topic AND p.partition = moved.partition")) {
            move.setArray(1, array("text", partitions, TopicPartition::topic));
            move.setArray(2, array("int4", partitions, TopicPartition::partition));
            move.setArray(3, array("int8", partitions, next::get));
            move.executeUpdate();
        }
    }

    private <T> Array array(String type, List<T> elements, Function<T, Object> value) throws SQLException {
        return connection.createArrayOf(type, elements.stream().map(value).toArray());
    }

    /** Leaves out repeated opened events: a repeated command is answered with the same terms again. */
    private List<Entry<PacketEvent.Opened>> firstOpened(List<Entry<PacketEvent.Opened>> opened) throws SQLException {
        Map<String, Terms> known = packets(opened);
        List<Entry<PacketEvent.Opened>> first = new ArrayList<>();
        for (Entry<PacketEvent.Opened> entry : opened) {
            Terms terms = Terms.of(entry.event());
            Terms before = known.putIfAbsent(entry.event().packetId(), terms);
            if (before == null) {
                first.add(entry);
            } else if (!before.equals(terms)) {
                throw new LedgerException(("Broken promise at %s: the packet was opened before with other terms: %s."
                                + " The ledger stops before this record.")
                        .formatted(entry, before));
            }
        }
        return first;
    }

    private Map<String, Terms> packets(List<Entry<PacketEvent.Opened>> opened) throws SQLException {
        Map<String, Terms> packets = new HashMap<>();
        if (opened.isEmpty()) {
            return packets;
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT packet_id, sender_id, cents, shares, split,"
                + " campaign, currency, opened_at, deadline_at, commitment FROM redpacket.packets"
                + " WHERE packet_id = ANY (?)")) {
            select.setArray(1, array("text", opened, entry -> entry.event().packetId()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    packets.put(row.getString(1), Terms.of(row));
                }
            }
        }
        return packets;
    }

    /**
     * The terms that the table has. Leaves out {@code openOffset}, which differs between answers to repeated commands.
     */
    private record Terms(
            String senderId,
            long totalCents,
            int shares,
            Split split,
            String campaign,
            String currency,
            long openedAtMillis,
            long deadlineMillis,
            String commitment) {
        static Terms of(PacketEvent.Opened opened) {
            return new Terms(
                    opened.senderId(),
                    opened.totalCents(),
                    opened.shares(),
                    opened.split(),
                    opened.campaign(),
                    opened.currency(),
                    opened.openedAtMillis(),
                    opened.deadlineMillis(),
                    opened.commitment());
        }

        static Terms of(ResultSet row) throws SQLException {
            return new Terms(
                    row.getString("sender_id"),
                    row.getLong("cents"),
                    row.getInt("shares"),
                    Split.valueOf(row.getString("split")),
                    row.getString("campaign"),
                    row.getString("currency"),
                    millis(row, "opened_at"),
                    millis(row, "deadline_at"),
                    row.getString("commitment"));
        }

        private static long millis(ResultSet row, String column) throws SQLException {
            return row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli();
        }
    }

    /** PostgreSQL names the broken rule, not the row. Inserting the rows one by one finds the row. */
    private LedgerException culprit(LedgerBatch batch, SQLException refusal) throws SQLException {
        try {
            tryEach(Insert.PACKETS, firstOpened(batch.opened()));
            tryEach(Insert.AWARDS, batch.awards());
            tryEach(Insert.CLOSINGS, batch.closed());
            tryEach(Insert.REFUNDS, batch.refunds());
            return new LedgerException("The ledger cannot be written: " + refusal.getMessage(), refusal);
        } catch (LedgerException named) {
            return named;
        } finally {
            connection.rollback();
        }
    }

    private <E> void tryEach(Insert<E> insert, List<Entry<E>> entries) throws SQLException {
        for (Entry<E> entry : entries) {
            try {
                insert.add(connection, List.of(entry));
            } catch (SQLException e) {
                if (!breaksRule(e)) {
                    throw e;
                }
                throw new LedgerException(
                        "Broken promise at %s: %s. The ledger stops before this record."
                                .formatted(entry, e.getMessage()),
                        e);
            }
        }
    }

    private static boolean breaksRule(SQLException e) {
        return e.getSQLState() != null
                && AGAINST_THE_RULES.contains(e.getSQLState().substring(0, 2));
    }

    private void rollBack(Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException alsoLost) {
            reason.addSuppressed(alsoLost);
        }
    }
}
