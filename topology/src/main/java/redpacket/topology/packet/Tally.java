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

    /**
     * A tally that was stored.
     *
     * @param luckiestOrNull as {@link #luckiest} returned it
     */
    public static Tally of(int awardedShares, long awardedCents, Luckiest luckiestOrNull) {
        Tally tally = new Tally();
        tally.awardedShares = awardedShares;
        tally.awardedCents = awardedCents;
        if (luckiestOrNull != null) {
            tally.luckiestUserId = luckiestOrNull.userId();
            tally.luckiestIndex = luckiestOrNull.share().index();
            tally.luckiestCents = luckiestOrNull.share().cents();
        }
        return tally;
    }

    /** Adds a winner, and returns this. */
    public Tally add(String userId, Share share) {
        awardedShares++;
        awardedCents += share.cents();
        if (isLuckiest(share)) {
            luckiestUserId = userId;
            luckiestIndex = share.index();
            luckiestCents = share.cents();
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
     * winner.
     */
    public Luckiest luckiest() {
        return luckiestUserId == null ? null : new Luckiest(luckiestUserId, new Share(luckiestIndex, luckiestCents));
    }

    @Override
    public String toString() {
        return awardedShares + " shares, " + awardedCents + " cents";
    }

    private boolean isLuckiest(Share share) {
        return share.cents() == luckiestCents ? share.index() < luckiestIndex : share.cents() > luckiestCents;
    }
}
