package redpacket.topology.state;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Status;

/**
 * The terms of one task's packets. A packet is written when it opens, and when it expires or is cancelled. That it is
 * sold out is not written: it follows from the number of its winners.
 */
final class PacketStore {
    private final KeyValueStore<Bytes, byte[]> store;

    /** A packet as the store holds it. */
    record Stored(Packet packet, Status status) {}

    PacketStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Null if there is no such packet. */
    Stored find(String packetId) {
        byte[] value = store.get(PacketFormat.key(packetId));
        return value == null ? null : PacketFormat.read(packetId, value);
    }

    void put(Packet packet, Status status) {
        store.put(PacketFormat.key(packet.packetId()), PacketFormat.value(new Stored(packet, status)));
    }

    void delete(String packetId) {
        store.delete(PacketFormat.key(packetId));
    }
}
