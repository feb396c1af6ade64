package redpacket.topology.packet;

import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;

/**
 * What a packet has handed out so far. It does not matter in which order winners are added, so that a tally can be counted
 * again from stored winners. The one thing among the rules that changes: each award would leave another one behind.
 */
public final class Tally {
    private int awardedShares;
    private long awardedCents;
    /** Null while nobody has won. */
    private String luckiestUserId;

    private int luckiestIndex;
    private long luckiestCents;

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
     * Who holds the largest share, the one with the lowest index (手气最佳 goes to the earliest) on a tie; null while nobody has
     * won.
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
