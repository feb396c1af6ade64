package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redpacket.audit.TermsMix;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Prize;
import redpacket.events.Split;
import redpacket.topology.packet.Opening;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.packet.SpecialTerms;
import redpacket.topology.packet.Status;

class PacketFormatTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");
    private static final String LONG_ID = "x".repeat(128);

    @Test
    void shouldReadWhatItWroteWhenPacketIsOpen() {
        Packet packet = new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new PacketStore.Stored(packet, Status.OPEN));
    }

    @Test
    void shouldReadWhatItWroteWhenPacketHasExpired() {
        Packet packet = new Packet("p", "s", 100, 3, Split.RANDOM, "spring", 1, 2, SECRET.seedOf("p"));

        assertRoundTrip(new PacketStore.Stored(packet, Status.EXPIRED));
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

        assertRoundTrip(new PacketStore.Stored(packet, Status.EXPIRED));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadWhatItWroteWhateverTheStatus(Status status) {
        assertRoundTrip(new PacketStore.Stored(
                new Packet("p", "s", 100, 3, Split.RANDOM, null, 1, 2, SECRET.seedOf("p")), status));
    }

    @Test
    void shouldReadWhatItWroteWhenAllSpecialTermsAreAtTheirLongest() {
        String longest = "\ud83e\udde7".repeat(Limits.MAX_PRIZE_NAME_LENGTH);
        List<Prize> prizes =
                Collections.nCopies(Limits.MAX_PRIZES, new Prize(Limits.MAX_TOTAL_CENTS / 1_000, 1, longest));
        List<String> users = IntStream.range(0, Limits.MAX_ONLY_USERS)
                .mapToObj(i -> LONG_ID.substring(4) + (1_000 + i))
                .toList();
        SpecialTerms special = new SpecialTerms(
                Limits.MAX_TIME_MILLIS, 1L, Long.MAX_VALUE, prizes, users, "a".repeat(32), longest.repeat(2));

        assertRoundTrip(new PacketStore.Stored(
                new Packet("p", "s", 100, 3, Split.PRIZES, null, 1, 2, SECRET.seedOf("p"), special), Status.CANCELLED));
    }

    @Property(tries = 200)
    void shouldReadWhatItWroteWhateverTheTerms(@ForAll long seed) {
        OpenPacket plain = new OpenPacket("p", "s", 100, 3, Split.RANDOM, null, 5);
        OpenPacket command = new TermsMix(new Random(seed), List.of("ann", "bob", "!x"), 1_000).addTo(plain, 1_000);
        if (Opening.decide(command, 1_000, null, SECRET) instanceof Opening.Accepted accepted) {
            assertRoundTrip(new PacketStore.Stored(accepted.packet(), Status.OPEN));
        }
    }

    /** Bytes that a release has written must stay readable. */
    @Test
    void shouldReadWhatTheFirstReleaseWrote() {
        String written = "01" + "0173" + "0000000000000064" + "00000003" + "01" + "06737072696e67" + "0000000000000001"
                + "0000000000000002" + "11".repeat(32) + "01";

        PacketStore.Stored stored = PacketFormat.read("p", HexFormat.of().parseHex(written));

        assertThat(stored)
                .isEqualTo(new PacketStore.Stored(
                        new Packet("p", "s", 100, 3, Split.EQUAL, "spring", 1, 2, Seed.of(seedOf((byte) 0x11))),
                        Status.EXPIRED));
        assertThat(HexFormat.of().formatHex(PacketFormat.value(stored))).isEqualTo("02" + written.substring(2) + "00");
    }

    @Test
    void shouldRefuseASplitThatThisReleaseDoesNotKnow() {
        byte[] value = PacketFormat.value(new PacketStore.Stored(
                new Packet("p", "s", 100, 3, Split.EQUAL, null, 1, 2, SECRET.seedOf("p")), Status.OPEN));
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
