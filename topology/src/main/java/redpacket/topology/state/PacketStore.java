package redpacket.topology.state;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;

/**
 * The packets of one task, written when they open and when they expire. That one is sold out is not written: it follows from the
 * number of its winners.
 */
final class PacketStore {
    private final KeyValueStore<Bytes, byte[]> store;

    PacketStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** Null if there is no such packet. */
    StoredPacket find(String packetId) {
        byte[] stored = store.get(PacketFormat.key(packetId));
        return stored == null ? null : PacketFormat.read(packetId, stored);
    }

    void put(Packet packet, boolean expired) {
        store.put(PacketFormat.key(packet.packetId()), PacketFormat.value(new StoredPacket(packet, expired)));
    }

    void delete(String packetId) {
        store.delete(PacketFormat.key(packetId));
    }
}
