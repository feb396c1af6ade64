package redpacket.topology.streams;

import java.util.Arrays;

/**
 * Which share a user may hold, by a hash of the user's id. A user whose hash is absent holds none, and needs no look into the
 * store: this is why losers cost no store access. A hash that is present may be somebody else's.
 */
final class UserIndex {
    private static final int[] NONE = {};
    private static final long FREE = 0;

    /** A hash, which is never 0, in the upper half; a share index in the lower. At most half of them are in use. */
    private long[] slots = new long[16];

    private int count;

    /** Indexes of the shares that the user may hold, most often none. */
    int[] find(String userId) {
        int hash = hash(userId);
        int[] found = NONE;
        for (int slot = first(hash); slots[slot] != FREE; slot = next(slot)) {
            if (hashIn(slots[slot]) == hash) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = (int) slots[slot];
            }
        }
        return found;
    }

    void add(String userId, int shareIndex) {
        count++;
        if (2 * count > slots.length) {
            long[] old = slots;
            slots = new long[2 * old.length];
            for (long taken : old) {
                if (taken != FREE) {
                    put(taken);
                }
            }
        }
        put((long) hash(userId) << Integer.SIZE | shareIndex);
    }

    private void put(long taken) {
        int slot = first(hashIn(taken));
        while (slots[slot] != FREE) {
            slot = next(slot);
        }
        slots[slot] = taken;
    }

    private int first(int hash) {
        return hash & (slots.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    private static int hashIn(long taken) {
        return (int) (taken >>> Integer.SIZE);
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
