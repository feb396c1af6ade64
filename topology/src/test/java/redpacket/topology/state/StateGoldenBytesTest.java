package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.events.Split;
import redpacket.topology.GoldenBytes;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.state.DeadlineFormat.Due;

/** Every format of the packets' state is written and read as {@code golden-bytes.txt} has it. */
class StateGoldenBytesTest {
    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "EQUAL"})
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
}
