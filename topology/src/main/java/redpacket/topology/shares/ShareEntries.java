package redpacket.topology.shares;

import redpacket.topology.packet.ShareTags;

/**
 * The form of shares in Redis: {@code cents:tag}, the tag as 16 lower-case hex digits. A reply has several of them,
 * separated by blanks.
 */
final class ShareEntries {
    /** Of an entry and the blank behind it: 2^53 - 1 cents have 16 digits. */
    static final int LONGEST = 16 + 1 + 16 + 1;

    private static final int TAG_DIGITS = 16;
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    /** No cents of more digits: they would not fit a long. */
    private static final int MOST_CENTS_DIGITS = 18;

    private ShareEntries() {}

    /**
     * Writes the entries of some shares into an array.
     *
     * @param cut all shares of the packet in cents
     * @param from the first index
     * @param to the index after the last
     * @param at where the first entry goes
     */
    static void write(long[] cut, int from, int to, ShareTags tags, byte[][] into, int at) {
        for (int index = from; index < to; index++) {
            into[at + index - from] = entry(cut[index], tags.tagOf(index, cut[index]));
        }
    }

    /**
     * The shares of a reply in cents; null if they are not exactly those that the packet has at these indexes.
     *
     * @param from the index of the first
     * @param n how many are expected
     */
    static long[] verified(byte[] reply, int from, int n, ShareTags tags) {
        long[] shares = new long[n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            long cents = 0;
            int digits = 0;
            for (; at < reply.length && reply[at] != ':'; at++, digits++) {
                int digit = reply[at] - '0';
                if (digit < 0 || digit > 9 || digits == MOST_CENTS_DIGITS) {
                    return null;
                }
                cents = 10 * cents + digit;
            }
            int end = at + 1 + TAG_DIGITS;
            if (end > reply.length || !isTag(reply, at + 1, tags.tagOf(from + i, cents))) {
                return null;
            }
            shares[i] = cents;
            at = end;
            if (i < n - 1 && (at == reply.length || reply[at++] != ' ')) {
                return null;
            }
        }
        return at == reply.length ? shares : null;
    }

    private static byte[] entry(long cents, long tag) {
        int digits = 1;
        for (long rest = cents / 10; rest > 0; rest /= 10) {
            digits++;
        }
        byte[] entry = new byte[digits + 1 + TAG_DIGITS];
        long rest = cents;
        for (int i = digits - 1; i >= 0; i--, rest /= 10) {
            entry[i] = (byte) ('0' + rest % 10);
        }
        entry[digits] = ':';
        for (int i = 0; i < TAG_DIGITS; i++) {
            entry[digits + 1 + i] = HEX[hexDigit(tag, i)];
        }
        return entry;
    }

    private static boolean isTag(byte[] reply, int at, long tag) {
        for (int i = 0; i < TAG_DIGITS; i++) {
            if (reply[at + i] != HEX[hexDigit(tag, i)]) {
                return false;
            }
        }
        return true;
    }

    private static int hexDigit(long tag, int i) {
        return (int) (tag >>> (60 - 4 * i)) & 0xF;
    }
}
