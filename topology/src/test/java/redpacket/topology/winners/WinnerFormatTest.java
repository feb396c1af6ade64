package redpacket.topology.winners;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import redpacket.events.Limits;
import redpacket.events.Share;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

class WinnerFormatTest {
    private static final String LONG_ID = "x".repeat(128);

    @Test
    void shouldReadWhatItWroteWhenWinners() {
        List<Winner> run = List.of(
                new Winner("kim", "grab", new Share(7, 123_456_789_012L)), new Winner("lee", "g", new Share(8, 1)));

        Bytes key = WinnerFormat.key("p".getBytes(ISO_8859_1), 7);
        byte[] stored = stored(run);

        assertThat(WinnerFormat.read(key, stored)).isEqualTo(run);
        assertThat(WinnerFormat.count(stored)).isEqualTo(2);
        assertThat(WinnerFormat.tallyOf(stored)).usingRecursiveComparison().isEqualTo(tally(run));
        assertThat(HexFormat.of().formatHex(key.get())).isEqualTo("70" + "00" + "00000007");
        assertThat(HexFormat.of().formatHex(stored))
                .isEqualTo("02" + "00000002" + "0000001cbe991a15" + "036b696d" + "00000007" + "0000001cbe991a14"
                        + "036b696d" + "0467726162" + "0000001cbe991a14" + "036c6565" + "0167" + "0000000000000001");
    }

    @Test
    void shouldReadWhatItWroteWhenWinnersHaveTheLongestIds() {
        List<Winner> run = List.of(new Winner(LONG_ID, LONG_ID, new Share(999_999, Limits.MAX_TOTAL_CENTS)));

        Bytes key = WinnerFormat.key(LONG_ID.getBytes(ISO_8859_1), 999_999);

        assertThat(WinnerFormat.read(key, stored(run))).isEqualTo(run);
    }

    @Test
    void shouldKeepPacketsApartWhenOneIdBeginsWithTheOther() {
        byte[] shorter = "p".getBytes(ISO_8859_1);
        byte[] longer = "p1".getBytes(ISO_8859_1);

        assertThat(WinnerFormat.key(shorter, 0)).isLessThan(WinnerFormat.key(shorter, 1));
        assertThat(WinnerFormat.key(shorter, 255)).isLessThan(WinnerFormat.key(shorter, 256));
        assertThat(WinnerFormat.key(shorter, Integer.MAX_VALUE)).isLessThan(WinnerFormat.afterLastKey(shorter));
        assertThat(WinnerFormat.key(longer, 0)).isGreaterThan(WinnerFormat.afterLastKey(shorter));
    }

    private static Tally tally(List<Winner> run) {
        Tally tally = new Tally();
        run.forEach(winner -> tally.add(winner.userId(), winner.share()));
        return tally;
    }

    private static byte[] stored(List<Winner> run) {
        byte[] winners = new byte[run.stream().mapToInt(WinnerFormat::bytesOf).sum()];
        int at = 0;
        for (Winner winner : run) {
            WinnerFormat.put(winner, winners, at);
            at += WinnerFormat.bytesOf(winner);
        }
        return WinnerFormat.value(tally(run), winners, at);
    }
}
