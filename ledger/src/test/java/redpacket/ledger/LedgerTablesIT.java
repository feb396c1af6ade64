package redpacket.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.clients.LedgerAddress;
import redpacket.events.AwardResult;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.parts.LocalPostgres;

class LedgerTablesIT {
    private static final TopicPartition AWARDS = new TopicPartition("redpacket.awards", 2);
    private static final Map<String, String> TOPIC_IDS = Map.of("redpacket.awards", "first");
    private static final String HEX = "0123456789abcdef".repeat(4);

    private static LocalPostgres postgres;
    private static int databases;

    private LedgerAddress address;
    private Connection connection;
    private LedgerTables tables;

    @BeforeAll
    static void start() {
        postgres = LocalPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @BeforeEach
    void open() throws SQLException {
        address = postgres.database("books" + databases++);
        LedgerTables.layOut(address);
        connection = address.connect();
        tables = new LedgerTables(connection);
        tables.positions(Map.of(AWARDS, 100L), TOPIC_IDS);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    // Scenario: a writer was replaced without noticing, and continues from its old position.
    @Test
    void shouldWriteNothingWhenAnotherWriterHasMovedPositions() throws Exception {
        LedgerBatch batch = awards(100, award("p", 0, "ann"), award("p", 1, "bob"));
        try (Connection other = address.connect()) {
            new LedgerTables(other).write(batch);
        }
        List<String> before = NaiveLedger.ofDatabase(address);

        assertThatThrownBy(() -> tables.write(batch)).isInstanceOf(StalePositionException.class);
        assertThatThrownBy(() -> tables.write(awards(101, award("p", 2, "cid"))))
                .isInstanceOf(StalePositionException.class)
                .hasMessageContaining("redpacket.awards-2 from 101 to 102");

        assertThat(NaiveLedger.ofDatabase(address)).hasSize(2).isEqualTo(before);
        tables.write(awards(102, award("p", 2, "cid")));
        assertThat(NaiveLedger.ofDatabase(address)).hasSize(3);
    }

    @Test
    void shouldKeepPositionsWhenRestarted() throws Exception {
        tables.write(awards(100, award("p", 0, "ann")));

        assertThat(tables.positions(Map.of(AWARDS, 7L), TOPIC_IDS)).isEqualTo(Map.of(AWARDS, 101L));
    }

    @Test
    void shouldStopWhenTheTopicsAreOthersThanBefore() throws Exception {
        assertThatThrownBy(() -> tables.positions(Map.of(AWARDS, 100L), Map.of("redpacket.awards", "another")))
                .isInstanceOf(LedgerException.class)
                .hasMessageStartingWith("Topic redpacket.awards is not the one that the ledger was made from")
                .hasMessageContaining("its id is another instead of first");

        assertThat(tables.positions(Map.of(AWARDS, 100L), TOPIC_IDS)).isEqualTo(Map.of(AWARDS, 100L));
    }

    /** Positions of older releases have no topic id. */
    @Test
    void shouldStoreTheIdWhenAnOlderReleaseWroteThePositions() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE redpacket.positions SET topic_id = NULL");
        }

        assertThat(tables.positions(Map.of(AWARDS, 7L), TOPIC_IDS)).isEqualTo(Map.of(AWARDS, 100L));

        assertThatThrownBy(() -> tables.positions(Map.of(AWARDS, 100L), Map.of("redpacket.awards", "another")))
                .isInstanceOf(LedgerException.class);
    }

    @Test
    void shouldNamePacketAndOffsetWhenShareIsAwardedTwice() throws Exception {
        tables.write(awards(100, award("p", 0, "ann")));

        assertThatThrownBy(() -> tables.write(awards(101, award("q", 0, "ann"), award("p", 0, "bob"))))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Broken promise at redpacket.awards-2@102")
                .hasMessageContaining("packetId=p")
                .hasMessageContaining("a_share_is_awarded_once")
                .hasMessageContaining("(packet_id, share_index)=(p, 0) already exists");
        assertThat(NaiveLedger.ofDatabase(address)).hasSize(1);
    }

    @Test
    void shouldNamePacketAndOffsetWhenUserWinsTwiceInOneBatch() throws Exception {
        assertThatThrownBy(() -> tables.write(awards(100, award("p", 0, "ann"), award("p", 1, "ann"))))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Broken promise at redpacket.awards-2@101")
                .hasMessageContaining("a_user_wins_one_share_of_a_packet");
        assertThat(NaiveLedger.ofDatabase(address)).isEmpty();
    }

    @Test
    void shouldHaveOneRowWhenPacketIsOpenedAgainOnSameTerms() throws Exception {
        tables.write(opened(100, 10, 1));
        tables.write(opened(101, 10, 2));
        tables.write(opened(102, 10, 3));

        assertThat(NaiveLedger.ofDatabase(address)).hasSize(1);
    }

    @Test
    void shouldNamePacketAndOffsetWhenPacketIsOpenedAgainOnOtherTerms() throws Exception {
        tables.write(opened(100, 10, 1));

        assertThatThrownBy(() -> tables.write(opened(101, 11, 2)))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("Broken promise at redpacket.awards-2@101")
                .hasMessageContaining("totalCents=10");
    }

    private static LedgerBatch awards(long from, AwardResult... results) {
        List<Entry<AwardResult>> entries = new ArrayList<>();
        for (AwardResult result : results) {
            entries.add(new Entry<>(result, AWARDS, from + entries.size()));
        }
        return new LedgerBatch(
                List.of(), entries, List.of(), Map.of(AWARDS, from), Map.of(AWARDS, from + entries.size()));
    }

    private static AwardResult award(String packetId, int index, String userId) {
        return new AwardResult(
                packetId, "grab-" + index, userId, null, Outcome.AWARDED, new Share(index, 5), false, 1, 0);
    }

    private static LedgerBatch opened(long offset, long cents, long openOffset) {
        var packet = new PacketEvent.Opened("p", "sender", cents, 2, Split.EQUAL, null, 1_000, 2_000, HEX, openOffset);
        return new LedgerBatch(
                List.of(new Entry<>(packet, AWARDS, offset)),
                List.of(),
                List.of(),
                Map.of(AWARDS, offset),
                Map.of(AWARDS, offset + 1));
    }
}
