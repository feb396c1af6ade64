package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.events.Prize;
import redpacket.events.Split;
import redpacket.topology.GoldenBytes;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.SpecialTerms;
import redpacket.topology.packet.Status;
import redpacket.topology.state.DeadlineFormat.Due;

/** Every format of the packets' state is written and read as {@code golden-bytes.txt} has it. */
class StateGoldenBytesTest {
    @ParameterizedTest
    @EnumSource
    void shouldKeepTheBytesOfAPacketWhateverItsSplit(Split split) {
        PacketStore.Stored open = new PacketStore.Stored(packet(split, "spring"), Status.OPEN);

        assertKeeps("PacketFormat.value " + split, PacketFormat.value(open));
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value " + split)))
                .isEqualTo(open);
    }

    @Test
    void shouldKeepTheBytesOfAPacketWithoutACampaignThatHasExpired() {
        PacketStore.Stored expired = new PacketStore.Stored(packet(Split.EQUAL, null), Status.EXPIRED);

        assertKeeps("PacketFormat.value expired without campaign", PacketFormat.value(expired));
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value expired without campaign")))
                .isEqualTo(expired);
    }

    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "EQUAL"})
    void shouldReadAPacketOfTheFirstVersion(Split split) {
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value " + split + " version 1")))
                .isEqualTo(new PacketStore.Stored(packet(split, "spring"), Status.OPEN));
    }

    @Test
    void shouldKeepTheBytesOfACancelledPacketWithAllSpecialTerms() {
        SpecialTerms special =
                new SpecialTerms(1_771_257_600_000L, 258L, 513L, null, List.of("li.na", "chen"), "CNY", "\u606d\u559c");
        Packet packet = packet(Split.RANDOM, null, special);
        PacketStore.Stored cancelled = new PacketStore.Stored(packet, Status.CANCELLED);

        assertKeeps("PacketFormat.value cancelled", PacketFormat.value(cancelled));
        assertThat(PacketFormat.read("packet-1", GoldenBytes.of("PacketFormat.value cancelled")))
                .isEqualTo(cancelled);
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
        List<Prize> prizes = List.of(new Prize(888, 1, "tea"), new Prize(0, 2, null));
        SpecialTerms special = split == Split.PRIZES
                ? new SpecialTerms(null, null, null, prizes, null, null, null)
                : SpecialTerms.NONE;
        return packet(split, campaign, special);
    }

    private static Packet packet(Split split, String campaign, SpecialTerms special) {
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
                Seed.of(seed),
                special);
    }
}
