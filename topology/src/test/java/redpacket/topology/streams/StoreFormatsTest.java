package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Counters;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.WindowStats;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

class StoreFormatsTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final String LONG_ID = "x".repeat(128);

    @Test
    void shouldReadWhatItWroteWhenPacketIsOpen() {
        Packet packet = new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new StoredPacket(packet, null));
    }

    @Test
    void shouldReadWhatItWroteWhenPacketIsClosedWithoutWinners() {
        Packet packet = new Packet("p", "s", 100, 3, Split.RANDOM, "spring", 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new StoredPacket(packet, Tally.NONE));
    }

    @Test
    void shouldReadWhatItWroteWhenEveryFieldIsAtItsLongest() {
        Packet packet = new Packet(
                LONG_ID,
                LONG_ID,
                Packet.MAX_TOTAL_CENTS,
                Packet.MAX_SHARES,
                Split.RANDOM,
                LONG_ID,
                Long.MAX_VALUE - 1,
                Long.MAX_VALUE,
                SECRET.seedOf(LONG_ID));

        assertRoundTrip(new StoredPacket(
                packet, new Tally(1, 5, new Luckiest(LONG_ID, new Share(999_999, Packet.MAX_TOTAL_CENTS)))));
    }

    @Test
    void shouldReadWhatItWroteWhenWinner() {
        Winner winner = new Winner("grab", new Share(7, 123_456_789_012L));

        byte[] stored = StoreFormats.winner("grab", winner.share());

        assertThat(StoreFormats.winner(stored)).isEqualTo(winner);
        assertThat(StoreFormats.winnersShare(stored)).isEqualTo(winner.share());
        assertThat(HexFormat.of().formatHex(stored)).isEqualTo("01" + "00000007" + "0000001cbe991a14" + "67726162");
    }

    @Test
    void shouldReadWhatItWroteWhenWindow() {
        Counters counters = new Counters(21, 1, 2, 3, 4, 5, 6, 70, 8, 9, 10, 110);
        Bytes key = StoreFormats.windowKey(1_771_257_600_000L, 1_000, "campaign/spring");
        WindowTotal total = new WindowTotal(key, 7, true, false, counters);

        assertThat(StoreFormats.counters(StoreFormats.counters(counters))).isEqualTo(counters);
        assertThat(StoreFormats.total(key, StoreFormats.total(total)))
                .usingRecursiveComparison()
                .isEqualTo(total);
        assertThat(total.next(true))
                .isEqualTo(new WindowStats("campaign/spring", 1_771_257_600_000L, 1_000, 8, true, counters));
    }

    @Test
    void shouldKeepPacketsApartWhenOneIdBeginsWithTheOther() {
        assertThat(StoreFormats.winnerKey("p".getBytes(ISO_8859_1), "zz"))
                .isGreaterThan(StoreFormats.firstWinnerKey("p"))
                .isLessThan(StoreFormats.afterLastWinnerKey("p"));
        assertThat(StoreFormats.winnerKey("p1".getBytes(ISO_8859_1), "a"))
                .isGreaterThan(StoreFormats.afterLastWinnerKey("p"));
        assertThat(StoreFormats.userOf(StoreFormats.winnerKey("p1".getBytes(ISO_8859_1), "a"), "p1"))
                .isEqualTo("a");
    }

    @Test
    void shouldSayWhichReleaseIsNeededWhenFormatIsNewer() {
        assertThatThrownBy(() -> StoreFormats.winner(new byte[] {2, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer release");
    }

    private static void assertRoundTrip(StoredPacket stored) {
        StoredPacket read = StoreFormats.packet(stored.packet().packetId(), StoreFormats.packet(stored));

        assertThat(read).isEqualTo(stored);
        assertThat(read.packet().seed().hex()).isEqualTo(stored.packet().seed().hex());
    }
}
