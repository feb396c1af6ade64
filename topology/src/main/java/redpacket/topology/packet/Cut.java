package redpacket.topology.packet;

import redpacket.events.Limits;
import redpacket.events.Split;

/**
 * Cuts a total into shares. Each share has at least one cent, the shares add up exactly, and the same seed gives the
 * same cut.
 *
 * <p>Anyone who knows the terms and the revealed seed of a packet can repeat the cut and check every award.
 */
public final class Cut {
    private Cut() {}

    /**
     * The shares in cents, in the order in which they are awarded.
     *
     * <p>The shares are cut, then shuffled with the next numbers of the same generator. Without the shuffle it would
     * pay to be late or early: the last shares of a random cut vary far more than the first, and the first shares of an
     * equal cut are never smaller than the last.
     *
     * @param totalCents from {@code shares} to {@link Limits#MAX_TOTAL_CENTS}
     * @param shares from 1 to {@link Limits#MAX_SHARES}
     * @throws IllegalArgumentException if no packet can have these terms
     */
    public static long[] of(Split split, long totalCents, int shares, Seed seed) {
        Packet.requirePossible(totalCents, shares);
        CounterStream random = new CounterStream(seed);
        long[] cents = inOrder(split, totalCents, shares, random);
        shuffle(cents, random);
        return cents;
    }

    static long[] inOrder(Split split, long totalCents, int shares, CounterStream random) {
        return switch (split) {
            case RANDOM -> doubleMean(totalCents, shares, random);
            case EQUAL -> even(totalCents, shares);
            case PRIZES -> throw new IllegalArgumentException("Prizes are not cut yet");
        };
    }

    /**
     * The double-mean method (二倍均值法), known from WeChat's red packets. Each share is uniform on
     * {@code [1, 2 * mean - 1]}, where {@code mean = cents left / shares left}; the last share is the rest. The middle
     * of that range is the mean, so all shares have the same expected value, except that {@code 2 * mean} is rounded
     * down to a whole cent.
     *
     * <p>With m cents left for r ≥ 2 shares, and m ≥ r, the range is never empty, because ⌊2m/r⌋ ≥ 2. The largest share
     * leaves m - (2m/r - 1) = m(r-2)/r + 1 ≥ r - 1 cents, so m ≥ r holds for the next shares too.
     */
    private static long[] doubleMean(long totalCents, int shares, CounterStream random) {
        long[] cents = new long[shares];
        long centsLeft = totalCents;
        for (int i = 0; i < shares - 1; i++) {
            // No overflow: a total has at most 53 bits.
            long largest = 2 * centsLeft / (shares - i) - 1;
            cents[i] = 1 + random.nextBelow(largest);
            centsLeft -= cents[i];
        }
        cents[shares - 1] = centsLeft;
        return cents;
    }

    private static long[] even(long totalCents, int shares) {
        long[] cents = new long[shares];
        for (int i = 0; i < shares; i++) {
            cents[i] = totalCents / shares + (i < totalCents % shares ? 1 : 0);
        }
        return cents;
    }

    /** The shuffle of Fisher and Yates, from the end. */
    private static void shuffle(long[] cents, CounterStream random) {
        for (int i = cents.length - 1; i >= 1; i--) {
            int j = (int) random.nextBelow(i + 1L);
            long moved = cents[i];
            cents[i] = cents[j];
            cents[j] = moved;
        }
    }
}
