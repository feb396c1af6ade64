package redpacket.topology.packet;

import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;

/**
 * The totals of the awards of a packet. The order in which winners are added does not matter, so a tally can be rebuilt
 * from stored winners. This is the only mutable class of the rules: an immutable one would leave a garbage object for
 * each award.
 */
public final class Tally {
    private int awardedShares;
    private long awardedCents;
    /** Null before the first winner. */
    private String luckiestUserId;

    private int luckiestIndex;
    private long luckiestCents;
    private int luckiestPrize;

    /**
     * A tally that was stored.
     *
     * @param luckiestOrNull as {@link #luckiest} returned it
     * @param luckiestPrize as {@link #luckiestPrize} returned it
     */
    public static Tally of(int awardedShares, long awardedCents, Luckiest luckiestOrNull, int luckiestPrize) {
        Tally tally = new Tally();
        tally.awardedShares = awardedShares;
        tally.awardedCents = awardedCents;
        if (luckiestOrNull != null) {
            tally.luckiestUserId = luckiestOrNull.userId();
            tally.luckiestIndex = luckiestOrNull.share().index();
            tally.luckiestCents = luckiestOrNull.share().cents();
            tally.luckiestPrize = luckiestPrize;
        }
        return tally;
    }

    /** Adds a winner, and returns this. */
    public Tally add(Winner winner) {
        return add(winner.userId(), winner.share(), winner.prize());
    }

    /** Adds a winner of a packet without prizes, and returns this. */
    public Tally add(String userId, Share share) {
        return add(userId, share, 0);
    }

    private Tally add(String userId, Share share, int prize) {
        awardedShares++;
        awardedCents += share.cents();
        if (isLuckiest(share)) {
            luckiestUserId = userId;
            luckiestIndex = share.index();
            luckiestCents = share.cents();
            luckiestPrize = prize;
        }
        return this;
    }

    public int awardedShares() {
        return awardedShares;
    }

    public long awardedCents() {
        return awardedCents;
    }

    /**
     * The winner of the largest share (手气最佳); on a tie the one with the lowest share index. Null before the first
     * winner. The share has no name.
     */
    public Luckiest luckiest() {
        return luckiestUserId == null ? null : new Luckiest(luckiestUserId, new Share(luckiestIndex, luckiestCents));
    }

    /** The number of the prize of the luckiest winner, as in {@link Winner#prize}. */
    public int luckiestPrize() {
        return luckiestPrize;
    }

    @Override
    public String toString() {
        return awardedShares + " shares, " + awardedCents + " cents";
    }

    private boolean isLuckiest(Share share) {
        // A blank is the largest share as long as there are only blanks.
        boolean isLarger = luckiestUserId == null || share.cents() > luckiestCents;
        return isLarger || (share.cents() == luckiestCents && share.index() < luckiestIndex);
    }
}
