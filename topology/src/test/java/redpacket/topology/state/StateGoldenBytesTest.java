package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.GoldenBytes;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.Winner;
import redpacket.topology.state.DeadlineFormat.Due;

/** Every format of the packets' state is written and read as {@code golden-bytes.txt} has it. */
class StateGoldenBytesTest {
    private static final byte[] PACKET_ID = "packet-1".getBytes(ISO_8859_1);
    private static final List<Winner> WINNERS = List.of(
            new Winner("kim", "grab-7", new Share(7, 123_456_789_012L)), new Winner("lee", "g", new Share(8, 1)));

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheBytesOfAPacketWhateverItsSplit(Split split) {
        PacketStore.Stored open = new PacketStore.Stored(packet(split, "spring"), false);

        assertKeeps("PacketFormat.value " + split, PacketFormat.value(open));
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value " + split)))
                .isEqualTo(open);
    }

    @Test
    void shouldKeepTheBytesOfAPacketWithoutACampaignThatHasExpired() {
        PacketStore.Stored expired = new PacketStore.Stored(packet(Split.EQUAL, null), true);

        assertKeeps("PacketFormat.value expired without campaign", PacketFormat.value(expired));
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value expired without campaign")))
                .isEqualTo(expired);
    }

    @Test
    void shouldKeepTheBytesOfAPacketsKey() {
        assertKeeps("PacketFormat.key", PacketFormat.key("packet-1"));
    }

    @Test
    void shouldKeepTheBytesOfARunOfWinners() {
        byte[] run = stored(WINNERS);

        assertKeeps("WinnerFormat.key", WinnerFormat.key(PACKET_ID, 7));
        assertKeeps("WinnerFormat.afterLastKey", WinnerFormat.afterLastKey(PACKET_ID));
        assertKeeps("WinnerFormat.value", WinnerFormat.value(run, run.length));
        assertThat(WinnerFormat.read(
                        Bytes.wrap(GoldenBytes.of("WinnerFormat.key")), GoldenBytes.of("WinnerFormat.value")))
                .isEqualTo(WINNERS);
    }

    @Test
    void shouldKeepTheBytesOfAPageOfTheJournal() {
        byte[] run = stored(WINNERS);
        ByteBuffer page = ByteBuffer.allocate(1_000);
        JournalFormat.put(page, PACKET_ID, 7, run, 0, run.length);
        JournalFormat.put(page, "p2".getBytes(ISO_8859_1), 0, new byte[0], 0, 0);

        assertKeeps("JournalFormat.key", JournalFormat.key(258));
        assertKeeps("JournalFormat.value", JournalFormat.value(page.flip()));
        assertThat(JournalFormat.pageOf(Bytes.wrap(GoldenBytes.of("JournalFormat.key"))))
                .isEqualTo(258);
        List<WinnerJournal.Entry> entries = new ArrayList<>();
        JournalFormat.read(GoldenBytes.of("JournalFormat.value"), entries::add);
        assertThat(entries)
                .extracting(WinnerJournal.Entry::packetId, WinnerJournal.Entry::firstShareIndex)
                .containsExactly(tuple("packet-1", 7), tuple("p2", 0));
        assertThat(WinnerFormat.winners(7, entries.get(0).winners())).isEqualTo(WINNERS);
        assertThat(entries.get(1).winners().hasRemaining()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepTheBytesOfADeadlineWhateverIsDue(Due due) {
        assertKeeps("DeadlineFormat.value " + due, DeadlineFormat.value(due));
        assertThat(DeadlineFormat.read(GoldenBytes.of("DeadlineFormat.value " + due)))
                .isEqualTo(due);
    }

    @Test
    void shouldKeepTheBytesOfADeadlinesKey() {
        Bytes golden = Bytes.wrap(GoldenBytes.of("DeadlineFormat.key"));

        assertThat(DeadlineFormat.key(1_771_257_600_000L, "packet-1")).isEqualTo(golden);
        assertThat(DeadlineFormat.dueMillisOf(golden)).isEqualTo(1_771_257_600_000L);
        assertThat(DeadlineFormat.packetIdOf(golden)).isEqualTo("packet-1");
    }

    private static void assertKeeps(String name, Bytes written) {
        assertKeeps(name, written.get());
    }

    private static void assertKeeps(String name, byte[] written) {
        assertThat(HexFormat.of().formatHex(written))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(GoldenBytes.of(name)));
    }

    private static Packet packet(Split split, String campaign) {
        byte[] seed = new byte[32];
        for (int i = 0; i < seed.length; i++) {
            seed[i] = (byte) (0xa0 + i);
        }
        return new Packet(
                "packet-1",
                "wang.fang",
                888,
                3,
                split,
                campaign,
                1_771_257_600_000L,
                1_771_261_200_000L,
                Seed.of(seed));
    }

    private static byte[] stored(List<Winner> winners) {
        byte[] stored =
                new byte[winners.stream().mapToInt(WinnerFormat::bytesOf).sum()];
        int at = 0;
        for (Winner winner : winners) {
            WinnerFormat.put(winner, stored, at);
            at += WinnerFormat.bytesOf(winner);
        }
        return stored;
    }
}
