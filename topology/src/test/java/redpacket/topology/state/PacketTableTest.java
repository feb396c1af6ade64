package redpacket.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;

class PacketTableTest {
    private static final SeedSecret SECRET = SeedSecret.of("0123456789abcdef");

    @Test
    void shouldHoldWhatAMapHoldsWhenPacketsComeAndGo() {
        long seed = Long.getLong("redpacket.seed", new Random().nextLong());
        Random random = new Random(seed);
        PacketTable table = new PacketTable();
        Map<String, LivePacket> expected = new HashMap<>();

        for (int step = 0; step < 20_000; step++) {
            String packetId = "packet-" + random.nextInt(200);
            if (random.nextInt(3) == 0) {
                assertThat(table.remove(packetId)).isSameAs(expected.remove(packetId));
            } else if (random.nextInt(100) == 0 && expected.size() > 1) {
                LivePacket kept = expected.values().iterator().next();
                LivePacket removed = table.removeUntouched(kept);
                assertThat(removed).isNotSameAs(kept);
                assertThat(expected.remove(removed.packet().packetId())).isSameAs(removed);
            } else if (!expected.containsKey(packetId)) {
                LivePacket packet = packet(packetId);
                table.add(packet);
                expected.put(packetId, packet);
            }
            String any = "packet-" + random.nextInt(200);
            assertThat(table.get(any))
                    .as("with -Dredpacket.seed=%d, at step %d", seed, step)
                    .isSameAs(expected.get(any));
            assertThat(table.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void shouldLetGoTheUntouchedFirst() {
        PacketTable table = new PacketTable();
        List<LivePacket> packets =
                IntStream.range(0, 100).mapToObj(i -> packet("packet-" + i)).toList();
        packets.forEach(table::add);
        packets.forEach(LivePacket::takeTouch);
        packets.subList(50, 100).forEach(LivePacket::touch);

        List<LivePacket> removed = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            removed.add(table.removeUntouched(null));
        }

        // The hand takes the touch of each packet that it passes, but it comes back only after a whole round.
        assertThat(removed.stream().filter(packets.subList(0, 50)::contains)).hasSizeGreaterThan(40);
    }

    @Test
    void shouldLetGoSomebodyWhenAllAreTouched() {
        PacketTable table = new PacketTable();
        table.add(packet("one"));
        table.add(packet("other"));

        assertThat(table.removeUntouched(null)).isNotSameAs(table.removeUntouched(null));
        assertThat(table.size()).isZero();
    }

    /** Senders choose ids of which String.hashCode is the same. */
    @Test
    void shouldSpreadPacketsWhenTheHashCodesOfAllIdsAreEqual() {
        PacketTable table = new PacketTable();
        List<LivePacket> packets = new ArrayList<>();
        for (int i = 0; i < 1 << 10; i++) {
            StringBuilder packetId = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                packetId.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            packets.add(packet(packetId.toString()));
            table.add(packets.get(i));
        }

        assertThat(packets.stream().map(LivePacket::hash).distinct()).hasSizeGreaterThan(1_000);
    }

    private static LivePacket packet(String packetId) {
        return new LivePacket(
                new Packet(packetId, "sender", 100, 10, Split.RANDOM, null, 0, 1_000, SECRET.seedOf(packetId)), null);
    }
}
