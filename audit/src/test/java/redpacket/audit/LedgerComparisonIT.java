package redpacket.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static redpacket.audit.HistoryWriter.DEADLINE;
import static redpacket.audit.HistoryWriter.KNOWN;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.LedgerAddress;
import redpacket.ledger.Ledger;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalPostgres;

/** Plants one difference in a correct ledger, and expects the comparison to find exactly this difference. */
class LedgerComparisonIT {
    private static final AuditOptions AT_ONCE = AuditOptions.STRICT.withPatience(Duration.ZERO);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static LocalKafka kafka;
    private static LocalPostgres postgres;
    private static HistoryWriter first;
    private static HistoryWriter second;
    private static int databases;

    private LedgerAddress address;

    /**
     * Two fundings (one of them repeated), four awards, a sold-out packet, an expired packet with its refund: nine
     * rows.
     */
    @BeforeAll
    static void start() throws Exception {
        kafka = LocalKafka.start();
        postgres = LocalPostgres.start();
        HistoryWriter.layOut(kafka.address(), 2);
        first = new HistoryWriter(kafka.address(), 0, 2, "spring").withPacket();
        first.event(first.opened(first.open(first.terms, KNOWN)), KNOWN);
        first.withWinners().soldOut();
        second = new HistoryWriter(kafka.address(), 1, 2, null).withPacket();
        second.win("dora", 0, KNOWN + 1);
        second.tick(DEADLINE + 5_000);
        second.expired("dora");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        postgres.close();
        kafka.close();
    }

    @BeforeEach
    void fill() {
        address = postgres.database("ledger" + databases++);
        try (Ledger ledger = Ledger.start(kafka.address(), address)) {
            await().atMost(PATIENCE).until(() -> report().ledger().lag() == 0);
            assertThat(ledger.health().awards()).isEqualTo(4);
        }
    }

    @Test
    void shouldFindNothingWhenLedgerIsRight() {
        assertThat(differences()).isEmpty();
        assertThat(report().ledger()).isEqualTo(new Report.Ledger(9, 0, 0));
    }

    @Test
    void shouldFindMissingRowWhenAwardIsDeleted() throws SQLException {
        plant("DELETE FROM redpacket.awards WHERE user_id = 'bert'");

        assertThat(differences()).containsExactly("MISSING_IN_LEDGER redpacket.awards-0@1 " + first.packetId);
    }

    @Test
    void shouldFindDifferenceWhenCentsAreChanged() throws SQLException {
        plant("UPDATE redpacket.awards SET cents = cents + 1 WHERE user_id = 'dora'");

        assertThat(differences()).containsExactly("DIFFERENT_IN_LEDGER redpacket.awards-1@0 " + second.packetId);
        assertThat(report().violations().get(0).sentence())
                .contains("share 0 of " + second.cut.get(0).cents() + " cents")
                .contains("share 0 of " + (second.cut.get(0).cents() + 1) + " cents");
    }

    @Test
    void shouldFindExtraRowWhenAwardIsInvented() throws SQLException {
        plant("INSERT INTO redpacket.awards SELECT packet_id, 7, 'eve', 'g-eve', 5, grabbed_at, partition,"
                + " record_offset FROM redpacket.awards WHERE user_id = 'dora'");
        plant("INSERT INTO redpacket.awards SELECT packet_id, 8, 'fay', 'g-fay', 5, grabbed_at, 99, 1000"
                + " FROM redpacket.awards WHERE user_id = 'dora'");

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "ONLY_IN_LEDGER redpacket.awards-1@0 " + second.packetId,
                        "ONLY_IN_LEDGER redpacket.awards-99@1000 " + second.packetId);
    }

    @Test
    void shouldFindAllWhenRefundFundingAndClosingAreForged() throws SQLException {
        plant("DELETE FROM redpacket.refunds");
        plant("UPDATE redpacket.packets SET sender_id = 'eve' WHERE packet_id = '" + first.packetId + "'");
        plant("UPDATE redpacket.closings SET closed_at = closed_at + interval '1 millisecond'"
                + " WHERE status = 'sold out'");

        assertThat(differences())
                .containsExactlyInAnyOrder(
                        "MISSING_IN_LEDGER redpacket.packets-1@1 " + second.packetId,
                        "DIFFERENT_IN_LEDGER redpacket.packets-0@0 " + first.packetId,
                        "DIFFERENT_IN_LEDGER redpacket.packets-0@2 " + first.packetId);
    }

    @Test
    void shouldReportLagWhenLedgerLags() throws SQLException {
        plant("DELETE FROM redpacket.awards WHERE user_id = 'cleo'");
        plant("UPDATE redpacket.positions SET next_offset = 2 WHERE topic = 'redpacket.awards' AND partition = 0");

        assertThat(differences()).isEmpty();
        assertThat(report().ledger()).isEqualTo(new Report.Ledger(8, 1, 0));
    }

    @Test
    void shouldFailWhenThereIsNoLedger() {
        LedgerAddress empty = postgres.database("nothing" + databases++);

        assertThatThrownBy(() -> Audit.run(kafka.address(), AT_ONCE, SinkStores.ledger(empty)))
                .isInstanceOf(HistoryUnreadableException.class)
                .hasMessageContaining("There is no ledger");
    }

    private Report report() {
        return Audit.run(kafka.address(), AT_ONCE, SinkStores.ledger(address));
    }

    private List<String> differences() {
        return Differences.of(report());
    }

    private void plant(String sql) throws SQLException {
        try (Connection connection = address.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
