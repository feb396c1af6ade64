package redpacket.ledger;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;

/**
 * Inserts rows into one table with one statement. The statement takes one array per column.
 *
 * <p>There is no ON CONFLICT DO NOTHING: a conflict means a broken promise, and must fail.
 */
final class Insert<E> {
    static final Insert<PacketEvent.Opened> PACKETS = new Insert<PacketEvent.Opened>("packets")
            .text("packet_id", PacketEvent.Opened::packetId)
            .text("sender_id", PacketEvent.Opened::senderId)
            .text("campaign", PacketEvent.Opened::campaign)
            .text("currency", PacketEvent.Opened::currency)
            .number("cents", PacketEvent.Opened::totalCents)
            .integer("shares", PacketEvent.Opened::shares)
            .text("split", packet -> packet.split().name())
            .time("opened_at", PacketEvent.Opened::openedAtMillis)
            .time("deadline_at", PacketEvent.Opened::deadlineMillis)
            .text("commitment", PacketEvent.Opened::commitment);

    static final Insert<AwardResult> AWARDS = new Insert<AwardResult>("awards")
            .text("packet_id", AwardResult::packetId)
            .integer("share_index", award -> award.share().index())
            .text("user_id", AwardResult::userId)
            .text("grab_id", AwardResult::grabId)
            .text("currency", AwardResult::currency)
            .number("cents", award -> award.share().cents())
            .text("prize", award -> award.share().prize())
            .time("grabbed_at", AwardResult::grabbedAtMillis);

    static final Insert<PacketEvent.Closed> CLOSINGS = new Insert<PacketEvent.Closed>("closings")
            .text("packet_id", PacketEvent.Closed::packetId)
            .text(
                    "status",
                    closing -> closing.match(soldOut -> "sold out", expired -> "expired", cancelled -> "cancelled"))
            .integer("awarded_shares", PacketEvent.Closed::awardedShares)
            .number("awarded_cents", PacketEvent.Closed::awardedCents)
            .text(
                    "luckiest_user_id",
                    closing -> closing.luckiest() == null
                            ? null
                            : closing.luckiest().userId())
            .text("seed", PacketEvent.Closed::seed)
            .time("closed_at", PacketEvent.Closed::closedAtMillis);

    static final Insert<LedgerBatch.Refund> REFUNDS = new Insert<LedgerBatch.Refund>("refunds")
            .text("packet_id", LedgerBatch.Refund::packetId)
            .text("currency", LedgerBatch.Refund::currency)
            .number("cents", LedgerBatch.Refund::cents)
            .time("refunded_at", LedgerBatch.Refund::atMillis);

    private record Column<E>(String name, String type, String expression, Function<List<Entry<E>>, Object[]> values) {}

    private final String table;
    private final List<Column<E>> columns = new ArrayList<>();

    private Insert(String table) {
        this.table = table;
        columns.add(new Column<>("partition", "int4", "partition", entries -> entries.stream()
                .map(entry -> entry.partition().partition())
                .toArray(Integer[]::new)));
        columns.add(new Column<>("record_offset", "int8", "record_offset", entries -> entries.stream()
                .map(Entry::offset)
                .toArray(Long[]::new)));
    }

    void add(Connection connection, List<Entry<E>> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement rows = connection.prepareStatement(sql())) {
            for (int i = 0; i < columns.size(); i++) {
                Column<E> column = columns.get(i);
                rows.setArray(
                        i + 1,
                        connection.createArrayOf(column.type(), column.values().apply(entries)));
            }
            rows.executeUpdate();
        }
    }

    private String sql() {
        return "INSERT INTO redpacket.%s (%s) SELECT %s FROM unnest(%s) AS rows (%s)"
                .formatted(
                        table,
                        list(Column::name),
                        list(Column::expression),
                        list(column -> "?::" + column.type() + "[]"),
                        list(Column::name));
    }

    private String list(Function<Column<E>, String> part) {
        return columns.stream().map(part).collect(joining(", "));
    }

    private Insert<E> text(String name, Function<E, String> value) {
        return column(name, "text", name, entries -> entries.stream()
                .map(entry -> value.apply(entry.event()))
                .toArray(String[]::new));
    }

    private Insert<E> integer(String name, ToIntFunction<E> value) {
        return column(name, "int4", name, entries -> entries.stream()
                .map(entry -> value.applyAsInt(entry.event()))
                .toArray(Integer[]::new));
    }

    private Insert<E> number(String name, ToLongFunction<E> value) {
        return column(name, "int8", name, entries -> longs(entries, value));
    }

    /** @param millis since 1970 */
    private Insert<E> time(String name, ToLongFunction<E> millis) {
        return column(name, "int8", "to_timestamp(" + name + " / 1000.0)", entries -> longs(entries, millis));
    }

    private Insert<E> column(String name, String type, String expression, Function<List<Entry<E>>, Object[]> values) {
        columns.add(new Column<>(name, type, expression, values));
        return this;
    }

    private static <E> Long[] longs(List<Entry<E>> entries, ToLongFunction<E> value) {
        return entries.stream().map(entry -> value.applyAsLong(entry.event())).toArray(Long[]::new);
    }
}
