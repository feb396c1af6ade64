package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.events.Limits;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.SeedSecret;

class PacketFormatTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final String LONG_ID = "x".repeat(128);

    @Test
    void shouldReadWhatItWroteWhenPacketIsOpen() {
        Packet packet = new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new PacketStore.Stored(packet, false));
    }

    @Test
    void shouldReadWhatItWroteWhenPacketHasExpired() {
        Packet packet = new Packet("p", "s", 100, 3, Split.RANDOM, "spring", 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new PacketStore.Stored(packet, true));
    }

    @Test
    void shouldReadWhatItWroteWhenEveryFieldIsAtItsLongest() {
        Packet packet = new Packet(
                LONG_ID,
                LONG_ID,
                Limits.MAX_TOTAL_CENTS,
                Limits.MAX_SHARES,
                Split.RANDOM,
                LONG_ID,
                Long.MAX_VALUE - 1,
                Long.MAX_VALUE,
                SECRET.seedOf(LONG_ID));

        assertRoundTrip(new PacketStore.Stored(packet, true));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatItWroteWhateverTheSplit(Split split) {
        assertRoundTrip(
                new PacketStore.Stored(new Packet("p", "s", 100, 3, split, null, 1, 2, SECRET.seedOf("p")), false));
    }

    /** Bytes that a release has written must stay readable. */
    @Test
    void shouldReadWhatTheFirstReleaseWrote() {
        String written = "01" + "0173" + "0000000000000064" + "00000003" + "01" + "06737072696e67" + "0000000000000001"
                + "0000000000000002" + "11".repeat(32) + "01";

        PacketStore.Stored stored = PacketFormat.read("p", HexFormat.of().parseHex(written));

        assertThat(stored)
                .isEqualTo(new PacketStore.Stored(
                        new Packet("p", "s", 100, 3, Split.EQUAL, "spring", 1, 2, Seed.of(seedOf((byte) 0x11))), true));
        assertThat(HexFormat.of().formatHex(PacketFormat.value(stored))).isEqualTo(written);
    }

    @Test
    void shouldRefuseASplitThatThisReleaseDoesNotKnow() {
        byte[] value = PacketFormat.value(new PacketStore.Stored(
                new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p")), false));
        value[1 + 2 + Long.BYTES + Integer.BYTES] = 9;

        assertThatThrownBy(() -> PacketFormat.read("p", value))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("packets")
                .hasMessageContaining("9");
    }

    private static byte[] seedOf(byte each) {
        byte[] seed = new byte[32];
        Arrays.fill(seed, each);
        return seed;
    }

    private static void assertRoundTrip(PacketStore.Stored stored) {
        PacketStore.Stored read = PacketFormat.read(stored.packet().packetId(), PacketFormat.value(stored));

        assertThat(read).isEqualTo(stored);
        assertThat(read.packet().seed().hex()).isEqualTo(stored.packet().seed().hex());
    }
}
