package redpacket.topology.winners;

import java.util.Arrays;

/**
 * The share that a user may hold, found by a keyed hash of the user's id. A user whose hash is absent holds no share.
 * This answer needs no store, so a grab of a loser costs no store access. A hash that is present may be that of another
 * user.
 *
 * <p>A hash table with linear probing. Between half and two thirds of the slots are in use, and a slot takes 7 bytes,
 * so a winner takes 10.5 to 14 bytes. The search for an absent hash passes 2 to 4 used slots on average (Knuth, TAOCP
 * 6.4, algorithm L).
 */
final class UserIndex {
    private static final int[] NONE = {};
    private static final byte FREE = 0;

    /** Bytes of an object or array without its content, rounded up. */
    private static final int HEADER_BYTES = 16;

    private static final int OWN_BYTES = 32;
    private static final int SLOT_BYTES = Byte.BYTES + Integer.BYTES + Short.BYTES;

    /** Bits of a hash that are stored. They select the slot, also in a larger table. */
    private static final int PLACE_BITS = 28;

    /** Bits of a share's index that stand below the place. The other 16 bits have an array of their own. */
    private static final int HIGH_BITS = 4;

    /**
     * Seven other bits of each hash, never {@link #FREE}. Most lookups end in this array, so it alone should fit into a
     * CPU cache; the whole index of 200,000 winners would not.
     */
    private byte[] tags;

    /** Places, each with the {@link #HIGH_BITS} of the share's index. */
    private int[] places;

    private short[] shareIndexes;

    private int count;

    /**
     * @param users for which there is room from the start
     */
    UserIndex(int users) {
        allocate(users + users / 2 + 1);
    }

    /** Indexes of the shares that the user with this hash may hold, most often none. */
    int[] sharesOf(long hash) {
        byte tag = tag(hash);
        int place = place(hash);
        int[] found = NONE;
        for (int slot = first(place); tags[slot] != FREE; slot = next(slot)) {
            if (tags[slot] == tag && places[slot] >>> HIGH_BITS == place) {
                found = Arrays.copyOf(found, found.length + 1);
                found[found.length - 1] = shareIndexAt(slot);
            }
        }
        return found;
    }

    /**
     * Adds the user with this hash.
     *
     * @param shareIndex below 2^20
     */
    void add(long hash, int shareIndex) {
        if (3 * (count + 1) > 2 * tags.length) {
            grow();
        }
        put(tag(hash), (place(hash) << HIGH_BITS) | (shareIndex >>> Short.SIZE), (short) shareIndex);
        count++;
    }

    /** An estimate of the bytes that the index takes. */
    int weight() {
        return OWN_BYTES + 3 * HEADER_BYTES + SLOT_BYTES * tags.length;
    }

    /** How many used slots the search for a hash passes. For tests. */
    int probes(long hash) {
        int probes = 0;
        for (int slot = first(place(hash)); tags[slot] != FREE; slot = next(slot)) {
            probes++;
        }
        return probes;
    }

    private void grow() {
        byte[] oldTags = tags;
        int[] oldPlaces = places;
        short[] oldShareIndexes = shareIndexes;
        allocate(oldTags.length + oldTags.length / 3 + 1);
        for (int slot = 0; slot < oldTags.length; slot++) {
            if (oldTags[slot] != FREE) {
                put(oldTags[slot], oldPlaces[slot], oldShareIndexes[slot]);
            }
        }
    }

    private void allocate(int slots) {
        tags = new byte[slots];
        places = new int[slots];
        shareIndexes = new short[slots];
    }

    private void put(byte tag, int placeAndHighBits, short shareIndex) {
        int slot = first(placeAndHighBits >>> HIGH_BITS);
        while (tags[slot] != FREE) {
            slot = next(slot);
        }
        tags[slot] = tag;
        places[slot] = placeAndHighBits;
        shareIndexes[slot] = shareIndex;
    }

    private int shareIndexAt(int slot) {
        int high = places[slot] & ((1 << HIGH_BITS) - 1);
        return (high << Short.SIZE) | Short.toUnsignedInt(shareIndexes[slot]);
    }

    /** Divides the places evenly among the slots, without a division (Lemire 2019). */
    private int first(int place) {
        return (int) (((long) place * tags.length) >>> PLACE_BITS);
    }

    private int next(int slot) {
        int next = slot + 1;
        return next == tags.length ? 0 : next;
    }

    private static int place(long hash) {
        return (int) (hash >>> (Long.SIZE - PLACE_BITS));
    }

    private static byte tag(long hash) {
        return (byte) (hash | 1);
    }
}
