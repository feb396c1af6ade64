package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Counters;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.WindowStats;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.Winner;

class StoreFormatsTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final String LONG_ID = "x".repeat(128);

    @Test
    void shouldReadWhatItWroteWhenPacketIsOpen() {
        Packet packet = new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new StoredPacket(packet, false));
    }

    @Test
    void shouldReadWhatItWroteWhenPacketHasExpired() {
        Packet packet = new Packet("p", "s", 100, 3, Split.RANDOM, "spring", 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new StoredPacket(packet, true));
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

        assertRoundTrip(new StoredPacket(packet, true));
    }

    @Test
    void shouldReadWhatItWroteWhenWinners() {
        List<Winner> run = List.of(
                new Winner("kim", "grab", new Share(7, 123_456_789_012L)), new Winner("lee", "g", new Share(8, 1)));

        Bytes key = StoreFormats.winnersKey("p".getBytes(ISO_8859_1), 7);
        byte[] stored = stored(run);

        assertThat(StoreFormats.winners(key, stored)).isEqualTo(run);
        assertThat(HexFormat.of().formatHex(key.get())).isEqualTo("70" + "00" + "00000007");
        assertThat(HexFormat.of().formatHex(stored))
                .isEqualTo("01" + "036b696d" + "0467726162" + "0000001cbe991a14" + "036c6565" + "0167"
                        + "0000000000000001");
    }

    @Test
    void shouldReadWhatItWroteWhenWinnersHaveTheLongestIds() {
        List<Winner> run = List.of(new Winner(LONG_ID, LONG_ID, new Share(999_999, Packet.MAX_TOTAL_CENTS)));

        Bytes key = StoreFormats.winnersKey(LONG_ID.getBytes(ISO_8859_1), 999_999);

        assertThat(StoreFormats.winners(key, stored(run))).isEqualTo(run);
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
        byte[] shorter = "p".getBytes(ISO_8859_1);
        byte[] longer = "p1".getBytes(ISO_8859_1);

        assertThat(StoreFormats.winnersKey(shorter, 0)).isLessThan(StoreFormats.winnersKey(shorter, 1));
        assertThat(StoreFormats.winnersKey(shorter, 255)).isLessThan(StoreFormats.winnersKey(shorter, 256));
        assertThat(StoreFormats.winnersKey(shorter, Integer.MAX_VALUE))
                .isLessThan(StoreFormats.afterLastWinnersKey(shorter));
        assertThat(StoreFormats.winnersKey(longer, 0)).isGreaterThan(StoreFormats.afterLastWinnersKey(shorter));
    }

    @Test
    void shouldSayWhichReleaseIsNeededWhenFormatIsNewer() {
        assertThatThrownBy(() -> StoreFormats.counters(new byte[] {2, 0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer release");
    }

    private static byte[] stored(List<Winner> run) {
        byte[] winners = new byte[run.stream().mapToInt(StoreFormats::bytesOf).sum()];
        int at = 0;
        for (Winner winner : run) {
            StoreFormats.put(winner, winners, at);
            at += StoreFormats.bytesOf(winner);
        }
        return StoreFormats.winners(winners, at);
    }

    private static void assertRoundTrip(StoredPacket stored) {
        StoredPacket read = StoreFormats.packet(stored.packet().packetId(), StoreFormats.packet(stored));

        assertThat(read).isEqualTo(stored);
        assertThat(read.packet().seed().hex()).isEqualTo(stored.packet().seed().hex());
    }
}
