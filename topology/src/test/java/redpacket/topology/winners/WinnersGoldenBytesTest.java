package redpacket.topology.winners;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Limits;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.topology.GoldenBytes;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/** Every format of winners is written and read as {@code golden-bytes.txt} has it. */
class WinnersGoldenBytesTest {
    private static final byte[] PACKET_ID = "packet-1".getBytes(ISO_8859_1);
    private static final List<Winner> WINNERS = List.of(
            new Winner("kim", "grab-7", new Share(7, 123_456_789_012L)), new Winner("lee", "g", new Share(8, 1)));
    private static final Tally TALLY = Tally.of(9, 258, new Luckiest("wang", new Share(3, 100)), 0);

    /** Of a packet with 1,000 prizes: the last one, then a blank that is the first one. */
    private static final List<Winner> PRIZE_WINNERS = List.of(
            new Winner("kim", "grab-7", new Share(7, Limits.MAX_TOTAL_CENTS), 1_000),
            new Winner("lee", "g", new Share(8, 0), 1));

    private static final Tally PRIZE_TALLY = Tally.of(9, 258, new Luckiest("wang", new Share(3, 100)), 2);

    @Test
    void shouldKeepTheBytesOfARunOfWinners() {
        byte[] run = stored(WINNERS);

        assertKeeps("WinnerFormat.key", WinnerFormat.key(PACKET_ID, 7));
        assertKeeps("WinnerFormat.afterLastKey", WinnerFormat.afterLastKey(PACKET_ID));
        assertKeeps("WinnerFormat.value", WinnerFormat.value(TALLY, run, run.length));
        Bytes key = Bytes.wrap(GoldenBytes.of("WinnerFormat.key"));
        byte[] value = GoldenBytes.of("WinnerFormat.value");
        assertThat(WinnerFormat.read(key, value)).isEqualTo(WINNERS);
        assertThat(WinnerFormat.tallyOf(value)).usingRecursiveComparison().isEqualTo(TALLY);
    }

    @Test
    void shouldKeepTheBytesOfARunOfWinnersOfPrizes() {
        byte[] run = stored(PRIZE_WINNERS);
        byte[] value = GoldenBytes.of("WinnerFormat.value prizes");

        assertKeeps("WinnerFormat.value prizes", WinnerFormat.value(PRIZE_TALLY, run, run.length));
        assertThat(WinnerFormat.read(Bytes.wrap(GoldenBytes.of("WinnerFormat.key")), value))
                .isEqualTo(PRIZE_WINNERS);
        assertThat(WinnerFormat.tallyOf(value)).usingRecursiveComparison().isEqualTo(PRIZE_TALLY);
    }

    @Test
    void shouldReadARunThatHasNoTally() {
        Bytes key = Bytes.wrap(GoldenBytes.of("WinnerFormat.key"));
        byte[] value = GoldenBytes.of("WinnerFormat.value version 1");

        assertThat(WinnerFormat.read(key, value)).isEqualTo(WINNERS);
        assertThat(WinnerFormat.count(value)).isEqualTo(2);
        assertThat(WinnerFormat.tallyOf(value)).isNull();
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

    private static void assertKeeps(String name, Bytes written) {
        assertKeeps(name, written.get());
    }

    private static void assertKeeps(String name, byte[] written) {
        assertThat(HexFormat.of().formatHex(written))
                .as(name)
                .isEqualTo(HexFormat.of().formatHex(GoldenBytes.of(name)));
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
