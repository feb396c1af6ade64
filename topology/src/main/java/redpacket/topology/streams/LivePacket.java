package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import redpacket.events.Share;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Tally;
import redpacket.topology.shares.ShareReader;

/** A packet at hand: what the stores say of it, and the next shares from Redis. A cache, never state. */
final class LivePacket {
    final Packet packet;
    /** The packet id as it stands in store keys. */
    final byte[] key;

    private Tally tally;
    private boolean closed;
    /** Null when the packet was closed before it got here: then every user is looked up in the store. */
    private final UserHashes winners;
    /** Null once nothing more will be handed out. */
    private ShareReader shares;

    /** An open packet; the caller then adds the winners that it had so far. */
    static LivePacket open(Packet packet) {
        return new LivePacket(packet, Tally.NONE, false, new UserHashes());
    }

    static LivePacket closed(Packet packet, Tally closing) {
        return new LivePacket(packet, closing, true, null);
    }

    private LivePacket(Packet packet, Tally tally, boolean closed, UserHashes winners) {
        this.packet = packet;
        this.key = packet.packetId().getBytes(ISO_8859_1);
        this.tally = tally;
        this.closed = closed;
        this.winners = winners;
    }

    void readSharesFrom(ShareReader reader) {
        shares = reader;
    }

    /** Asks Redis for the next shares, and returns whether that is done, which it is not while Redis is busy. */
    boolean prefetchShares() {
        return shares == null || shares.prefetch();
    }

    Tally tally() {
        return tally;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isSoldOut() {
        return tally.awardedShares() == packet.shares();
    }

    boolean mayBeWinner(String userId) {
        return winners == null || winners.mayContain(userId);
    }

    /**
     * The next share in the queue.
     *
     * @throws redpacket.topology.shares.SharesUnavailableException if Redis does not hand it out in time
     */
    Share nextShare() {
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

    void award(String userId, Share share) {
        tally = tally.plus(userId, share);
        winners.add(userId);
    }

    void close() {
        closed = true;
        shares = null;
    }
}
