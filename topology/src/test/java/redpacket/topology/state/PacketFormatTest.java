package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import redpacket.events.Limits;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;

class PacketFormatTest {
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
                Limits.MAX_TOTAL_CENTS,
                Limits.MAX_SHARES,
                Split.RANDOM,
                LONG_ID,
                Long.MAX_VALUE - 1,
                Long.MAX_VALUE,
                SECRET.seedOf(LONG_ID));

        assertRoundTrip(new StoredPacket(packet, true));
    }

    private static void assertRoundTrip(StoredPacket stored) {
        StoredPacket read = PacketFormat.read(stored.packet().packetId(), PacketFormat.value(stored));

        assertThat(read).isEqualTo(stored);
        assertThat(read.packet().seed().hex()).isEqualTo(stored.packet().seed().hex());
    }
}
