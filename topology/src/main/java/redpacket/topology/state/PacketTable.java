package redpacket.topology.state;

import redpacket.topology.winners.IdHash;

/**
 * The live packets by id, and the choice of the packet to evict: a packet that was touched since the last look at it
 * stays for another round (the CLOCK algorithm, Corbató 1968).
 *
 * <p>This is a hash table with linear probing, so one step leads from a slot to its packet. In a
 * {@link java.util.HashMap} a node is between them, which is one more cache miss: 3 % of a grab with tens of thousands
 * of packets.
 */
final class PacketTable {
    /** At most half of the slots are in use. */
    private LivePacket[] slots = new LivePacket[16];

    private final IdHash idHash = new IdHash();
    private int size;
    private int hand;

    int size() {
        return size;
    }

    /** Null if the packet is not in the table. */
    LivePacket get(String packetId) {
        int hash = hash(packetId);
        for (int slot = first(hash); slots[slot] != null; slot = next(slot)) {
            if (slots[slot].is(packetId, hash)) {
                return slots[slot];
            }
        }
        return null;
    }

    /** Adds a packet that is not in the table. */
    void add(LivePacket packet) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        packet.setHash(hash(packet.packet().packetId()));
        put(packet);
        size++;
    }

    /** Returns the removed packet; null if it was not in the table. */
    LivePacket remove(String packetId) {
        int hash = hash(packetId);
        for (int slot = first(hash); slots[slot] != null; slot = next(slot)) {
            if (slots[slot].is(packetId, hash)) {
                return removeAt(slot);
            }
        }
        return null;
    }

    /**
     * Removes a packet that was not touched for long.
     *
     * @param kept a packet that stays; the table must hold another one
     */
    LivePacket removeUntouched(LivePacket kept) {
        while (true) {
            hand = next(hand);
            LivePacket packet = slots[hand];
            if (packet != null && packet != kept && !packet.takeTouch()) {
                return removeAt(hand);
            }
        }
    }

    private LivePacket removeAt(int removed) {
        LivePacket packet = slots[removed];
        slots[removed] = null;
        size--;
        // A lookup stops at the gap, so the packets behind it are placed again.
        for (int slot = next(removed); slots[slot] != null; slot = next(slot)) {
            LivePacket behind = slots[slot];
            slots[slot] = null;
            put(behind);
        }
        return packet;
    }

    private void put(LivePacket packet) {
        int slot = first(packet.hash());
        while (slots[slot] != null) {
            slot = next(slot);
        }
        slots[slot] = packet;
    }

    private void grow() {
        LivePacket[] old = slots;
        slots = new LivePacket[2 * old.length];
        hand = 0;
        for (LivePacket packet : old) {
            if (packet != null) {
                put(packet);
            }
        }
    }

    private int hash(String packetId) {
        return (int) idHash.of(packetId);
    }

    private int first(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
