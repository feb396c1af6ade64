package redpacket.topology.state;

import java.util.Arrays;

/**
 * The share that a user may hold, found by a hash of the user's id. A user whose hash is absent holds no share. This
 * answer needs no store, so a grab of a loser costs no store access. A hash that is present may be that of another
 * user.
 */
final class UserIndex {
    private static final int[] NONE = {};
    private static final byte FREE = 0;

    /**
     * A few bits of each hash, never {@link #FREE}. At most half of the slots are in use. Most lookups end in this
     * array, so it alone should fit into a CPU cache; the whole index of 200,000 winners would not.
     */
    private byte[] tags;

    private int[] hashes;
    private int[] shareIndexes;
    private int count;

    /**
     * @param users for which there is room from the start
     */
    UserIndex(int users) {
        allocate(4 * Integer.highestOneBit(users));
    }

    /** Indexes of the shares that the user may hold, most often none. */
    int[] sharesOf(String userId) {
        int hash = hash(userId);
        byte tag = tag(hash);
        int[] found = NONE;
        for (int slot = first(hash); tags[slot] != FREE; slot = next(slot)) {
            if (tags[slot] == tag && hashes[slot] == hash) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = shareIndexes[slot];
            }
        }
        return found;
    }

    void add(String userId, int shareIndex) {
        if (2 * (count + 1) > tags.length) {
            grow();
        }
        put(hash(userId), shareIndex);
        count++;
    }

    private void grow() {
        byte[] oldTags = tags;
        int[] oldHashes = hashes;
        int[] oldShareIndexes = shareIndexes;
        allocate(2 * oldTags.length);
        for (int slot = 0; slot < oldTags.length; slot++) {
            if (oldTags[slot] != FREE) {
                put(oldHashes[slot], oldShareIndexes[slot]);
            }
        }
    }

    private void allocate(int slots) {
        tags = new byte[slots];
        hashes = new int[slots];
        shareIndexes = new int[slots];
    }

    private void put(int hash, int shareIndex) {
        int slot = first(hash);
        while (tags[slot] != FREE) {
            slot = next(slot);
        }
        tags[slot] = tag(hash);
        hashes[slot] = hash;
        shareIndexes[slot] = shareIndex;
    }

    private int first(int hash) {
        return hash & (tags.length - 1);
    }

    private int next(int slot) {
        return (slot + 1) & (tags.length - 1);
    }

    /** Takes the upper bits, because the lower ones select the slot. */
    private static byte tag(int hash) {
        return (byte) (hash >>> 24 | 1);
    }

    /** The hash of String, mixed so that similar ids do not get neighbouring slots (the finalizer of MurmurHash3). */
    static int hash(String id) {
        int hash = id.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }
}
