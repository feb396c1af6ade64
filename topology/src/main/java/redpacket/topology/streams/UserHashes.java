package redpacket.topology.streams;

import java.util.Arrays;

/**
 * Hashes of the users who hold a share. A user whose hash is absent holds none, and needs no look into the store: this is
 * why losers cost no store access. A hash that is present may belong to somebody else.
 */
final class UserHashes {
    private static final int FREE = 0;

    private int[] slots = new int[16];
    private int count;

    boolean mayContain(String userId) {
        int hash = hash(userId);
        for (int slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
            if (slots[slot] == hash) {
                return true;
            }
            if (slots[slot] == FREE) {
                return false;
            }
        }
    }

    void add(String userId) {
        if (2 * (count + 1) > slots.length) {
            int[] old = slots;
            slots = new int[2 * old.length];
            Arrays.stream(old).filter(hash -> hash != FREE).forEach(this::put);
        }
        if (put(hash(userId))) {
            count++;
        }
    }

    private boolean put(int hash) {
        int slot = hash & (slots.length - 1);
        while (slots[slot] != FREE) {
            if (slots[slot] == hash) {
                return false;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = hash;
        return true;
    }

    /** String's hash, its bits mixed so that similar ids do not stand in a row (the finalizer of MurmurHash3). */
    private static int hash(String userId) {
        int hash = userId.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        hash ^= hash >>> 16;
        return hash == FREE ? 1 : hash;
    }
}
