package redpacket.topology.state;

/**
 * Packets at hand by their id, and which of them to let go first: one that was touched since it was last looked at is spared for a
 * round (the CLOCK algorithm, Corbató 1968).
 *
 * <p>A hash table with linear probing, so that a packet is one step away from its slot. In a {@link java.util.HashMap} there is a
 * node between them: one more wait for memory, which with tens of thousands of packets was 3 % of a grab.
 */
final class PacketTable {
    /** At most half of them are in use. */
    private LivePacket[] slots = new LivePacket[16];

    private int size;
    private int hand;

    int size() {
        return size;
    }

    /** Null if it is not here. */
    LivePacket get(String packetId) {
        int hash = hash(packetId);
        for (int slot = first(hash); slots[slot] != null; slot = next(slot)) {
            if (slots[slot].is(packetId, hash)) {
                return slots[slot];
            }
        }
        return null;
    }

    /** Adds a packet that is not here. */
    void add(LivePacket packet) {
        if (2 * (size + 1) > slots.length) {
            grow();
        }
        put(packet);
        size++;
    }

    /** Returns the packet that was removed; null if it was not here. */
    LivePacket remove(String packetId) {
        int hash = hash(packetId);
        for (int slot = first(hash); slots[slot] != null; slot = next(slot)) {
            if (slots[slot].is(packetId, hash)) {
                return removeAt(slot);
            }
        }
        return null;
    }

    /** Removes, of at least one, the packet that nobody has touched for longest, nearly. */
    LivePacket removeUntouched() {
        while (true) {
            hand = next(hand);
            LivePacket packet = slots[hand];
            if (packet != null && !packet.touched) {
                return removeAt(hand);
            }
            if (packet != null) {
                packet.touched = false;
            }
        }
    }

    static int hash(String packetId) {
        return UserIndex.hash(packetId);
    }

    private LivePacket removeAt(int removed) {
        LivePacket packet = slots[removed];
        slots[removed] = null;
        size--;
        // Those behind it that had to make way for it would not be found beyond the gap.
        for (int slot = next(removed); slots[slot] != null; slot = next(slot)) {
            LivePacket behind = slots[slot];
            slots[slot] = null;
            put(behind);
        }
        return packet;
    }

    private void put(LivePacket packet) {
        int slot = first(packet.hash);
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

    private int first(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }
}
