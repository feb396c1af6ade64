package redpacket.topology.streams;

import redpacket.events.Share;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;
import redpacket.topology.shares.ShareReader;

/**
 * A packet at hand: what the stores say of it, its winners since the last commit, and the next shares from Redis. Never kept beyond
 * a failure: all of it follows from the stores.
 */
final class LivePacket {
    final Packet packet;
    /** For {@link LivePackets} to know whom to keep. */
    boolean touched = true;

    private final Winners winners;
    private boolean closed;
    /** Null once nothing more will be handed out. */
    private ShareReader shares;

    LivePacket(Packet packet, Winners winners, boolean closed) {
        this.packet = packet;
        this.winners = winners;
        this.closed = closed;
    }

    void readSharesFrom(ShareReader reader) {
        shares = reader;
    }

    /** Asks Redis for the next shares, and returns whether that is done, which it is not while Redis is busy. */
    boolean prefetchShares() {
        return shares == null || shares.prefetch();
    }

    Tally tally() {
        return winners.tally();
    }

    boolean isClosed() {
        return closed;
    }

    boolean isSoldOut() {
        return tally().awardedShares() == packet.shares();
    }

    /** What a user holds; null if nothing. */
    Winner winner(String userId) {
        return winners.find(userId);
    }

    /**
     * The next share in the queue.
     *
     * @throws redpacket.topology.shares.SharesUnavailableException if Redis does not hand it out in time
     */
    Share nextShare() {
        Tally tally = winners.tally();
        int cursor = tally.awardedShares();
        long cents = shares.shareAt(cursor);
        if (!packet.canBeNext(cursor, tally.awardedCents(), cents)) {
            shares.reload(cursor);
            cents = shares.shareAt(cursor);
            if (!packet.canBeNext(cursor, tally.awardedCents(), cents)) {
                throw new IllegalStateException("packet " + packet.packetId() + ": share " + cursor + " of " + cents
                        + " cents cannot be right, even after its queue was loaded again");
            }
        }
        return new Share(cursor, cents);
    }

    void award(Winner winner) {
        winners.add(winner);
    }

    /** To be called before this is let go. */
    void writeWinners() {
        winners.write();
    }

    void close() {
        closed = true;
        shares = null;
    }
}
