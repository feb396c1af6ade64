package redpacket.topology.packet;

import java.util.Arrays;
import java.util.List;
import redpacket.events.Limits;
import redpacket.events.Prize;
import redpacket.events.Split;

/**
 * Cuts a total into shares. The shares are within the bounds of the packet and add up exactly, and the same seed gives
 * the same cut.
 *
 * <p>Anyone who knows the terms and the revealed seed of a packet can repeat the cut and check every award.
 */
public final class Cut {
    private Cut() {}

    /**
     * The shares of a packet in the order in which they are awarded, as its queue holds them: in cents, or, of a packet
     * with prizes, the numbers of their prizes from 1 on.
     *
     * <p>The shares are cut, then shuffled with the next numbers of the same generator. Without the shuffle it would
     * pay to be late or early: the last shares of a random cut vary far more than the first, the first shares of an
     * equal cut are never smaller than the last, and the first shares of a cut into prizes are the first prizes.
     */
    static long[] of(Packet packet) {
        CounterStream random = new CounterStream(packet.seed());
        SpecialTerms special = packet.special();
        long[] cut =
                switch (packet.split()) {
                    case RANDOM ->
                        doubleMean(
                                packet.totalCents(),
                                packet.shares(),
                                special.leastCents(),
                                special.mostCents(),
                                random);
                    case EQUAL -> even(packet.totalCents(), packet.shares());
                    case PRIZES -> numbers(special.prizes(), packet.shares());
                };
        shuffle(cut, random);
        return cut;
    }

    /**
     * The shares in cents of a packet without special terms.
     *
     * @param split not into prizes
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
            case RANDOM -> doubleMean(totalCents, shares, 1, totalCents, random);
            case EQUAL -> even(totalCents, shares);
            case PRIZES -> throw new IllegalArgumentException("A cut into prizes needs the prizes");
        };
    }

    /**
     * The double-mean method (二倍均值法), known from WeChat's red packets ("a random amount from 0.01 to twice the mean of
     * what is left"), within bounds. With m cents left for r shares, each share is uniform on {@code [max(min, ⌈2m/r⌉ -
     * max), min(max, ⌊2m/r⌋ - min)]}; the last share is the rest. The middle of that range is the mean m/r, and the
     * range is as wide as the nearer bound allows. So all shares have the same expected value, except that 2m/r is
     * rounded to a whole cent, and the nearer bound is reached from the first share on. With the bounds 1 and m, this
     * is the known {@code [1, ⌊2m/r⌋ - 1]}.
     *
     * <p>Invariant: {@code r min ≤ m ≤ r max}. It holds at first, or the terms are refused. The largest share leaves at
     * least m - (2m/r - min) = m(r-2)/r + min ≥ (r-2) min + min = (r-1) min. The smallest share leaves at most m -
     * (2m/r - max) = m(r-2)/r + max ≤ (r-1) max. The range is not empty, because 2 min ≤ ⌊2m/r⌋ and ⌈2m/r⌉ ≤ 2 max, and
     * because ⌈2m/r⌉ - ⌊2m/r⌋ ≤ max - min: if max = min, then 2m/r is whole.
     */
    static long[] doubleMean(long totalCents, int shares, long min, long max, CounterStream random) {
        long[] cents = new long[shares];
        long centsLeft = totalCents;
        for (int i = 0; i < shares - 1; i++) {
            int sharesLeft = shares - i;
            // No overflow: a total has at most 53 bits.
            long twiceTheMean = 2 * centsLeft / sharesLeft;
            long roundedUp = (2 * centsLeft + sharesLeft - 1) / sharesLeft;
            long least = Math.max(min, roundedUp - max);
            long most = Math.min(max, twiceTheMean - min);
            cents[i] = least + random.nextBelow(most - least + 1);
            centsLeft -= cents[i];
        }
        cents[shares - 1] = centsLeft;
        return cents;
    }

    /** The number of each prize, as often as the prize is there. */
    private static long[] numbers(List<Prize> prizes, int shares) {
        long[] numbers = new long[shares];
        int from = 0;
        for (int i = 0; i < prizes.size(); i++) {
            int to = from + prizes.get(i).count();
            Arrays.fill(numbers, from, to, i + 1L);
            from = to;
        }
        return numbers;
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
