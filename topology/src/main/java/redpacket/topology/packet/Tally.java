package redpacket.topology.packet;

import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;

/**
 * What a packet has handed out so far. It does not matter in which order winners are added, so that a tally can be counted
 * again from stored winners.
 *
 * @param luckiest who holds the largest share, the one with the lowest index (手气最佳 goes to the earliest) on a tie; null
 *     while nobody has won
 */
public record Tally(int awardedShares, long awardedCents, Luckiest luckiest) {

    /** Nothing was handed out yet. */
    public static final Tally NONE = new Tally(0, 0, null);

    /** This and one more winner. */
    public Tally plus(String userId, Share share) {
        Luckiest luckier = isLuckiest(share) ? new Luckiest(userId, share) : luckiest;
        return new Tally(awardedShares + 1, awardedCents + share.cents(), luckier);
    }

    private boolean isLuckiest(Share share) {
        if (luckiest == null) {
            return true;
        }
        Share best = luckiest.share();
        return share.cents() == best.cents() ? share.index() < best.index() : share.cents() > best.cents();
    }
}
