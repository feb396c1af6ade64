package redpacket.sink.ledger;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;

/** Adds rows to one table. Never on conflict do nothing: a conflict is a broken promise, and must be heard. */
final class Insert<E> {
    static final Insert<PacketEvent.Opened> PACKETS = new Insert<>(
            "packets(partition, record_offset, packet_id, sender_id, campaign, cents, shares, split, opened_at,"
                    + " deadline_at, commitment)",
            (row, packet) -> {
                row.setString(3, packet.packetId());
                row.setString(4, packet.senderId());
                row.setString(5, packet.campaign());
                row.setLong(6, packet.totalCents());
                row.setInt(7, packet.shares());
                row.setString(8, packet.split().name());
                row.setObject(9, time(packet.openedAtMillis()));
                row.setObject(10, time(packet.deadlineMillis()));
                row.setString(11, packet.commitment());
            });

    static final Insert<AwardResult> AWARDS = new Insert<>(
            "awards(partition, record_offset, packet_id, share_index, user_id, grab_id, cents, grabbed_at)",
            (row, award) -> {
                row.setString(3, award.packetId());
                row.setInt(4, award.share().index());
                row.setString(5, award.userId());
                row.setString(6, award.grabId());
                row.setLong(7, award.share().cents());
                row.setObject(8, time(award.grabbedAtMillis()));
            });

    static final Insert<PacketEvent.Closed> CLOSINGS = new Insert<>(
            "closings(partition, record_offset, packet_id, status, awarded_shares, awarded_cents, luckiest_user_id,"
                    + " seed, closed_at)",
            (row, closing) -> {
                row.setString(3, closing.packetId());
                row.setString(4, closing instanceof PacketEvent.SoldOut ? "sold out" : "expired");
                row.setInt(5, closing.awardedShares());
                row.setLong(6, closing.awardedCents());
                row.setString(
                        7,
                        closing.luckiest() == null ? null : closing.luckiest().userId());
                row.setString(8, closing.seed());
                row.setObject(9, time(closing.closedAtMillis()));
            });

    static final Insert<PacketEvent.Expired> REFUNDS =
            new Insert<>("refunds(partition, record_offset, packet_id, cents, refunded_at)", (row, expired) -> {
                row.setString(3, expired.packetId());
                row.setLong(4, expired.refundedCents());
                row.setObject(5, time(expired.closedAtMillis()));
            });

    private interface Values<E> {
        void set(PreparedStatement row, E event) throws SQLException;
    }

    private final String sql;
    private final Values<E> values;

    /** @param table with its columns: the partition, the offset, and those that the values set, from the third on */
    private Insert(String table, Values<E> values) {
        int columns = table.split(",").length;
        this.sql = "INSERT INTO redpacket." + table + " VALUES (" + String.join(", ", Collections.nCopies(columns, "?"))
                + ")";
        this.values = values;
    }

    void add(Connection connection, List<Entry<E>> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement rows = connection.prepareStatement(sql)) {
            for (Entry<E> entry : entries) {
                rows.setInt(1, entry.partition().partition());
                rows.setLong(2, entry.offset());
                values.set(rows, entry.event());
                rows.addBatch();
            }
            rows.executeBatch();
        } catch (BatchUpdateException e) {
            // Its own message quotes every row.
            throw e.getNextException() == null ? e : e.getNextException();
        }
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
