package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import redpacket.events.Share;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Winner;
import redpacket.topology.shares.ShareReader;

/**
 * A packet at hand: what the stores say of it, its winners, and the next shares from Redis. Never kept beyond a failure: all of it
 * follows from the stores.
 */
public final class LivePacket extends Winners {
    private final Packet packet;
    final int hash;
    /** For {@link LivePackets} to know whom to keep. */
    boolean touched = true;

    private boolean expired;
    /** Null once nothing more will be handed out. */
    private ShareReader shares;

    /** Without winners. */
    LivePacket(Packet packet, WinnerStore winners) {
        super(winners, packet.packetId().getBytes(ISO_8859_1), packet.shares());
        this.packet = packet;
        this.hash = PacketTable.hash(packet.packetId());
    }

    public Packet packet() {
        return packet;
    }

    boolean is(String packetId, int hashOfId) {
        return hash == hashOfId && packet.packetId().equals(packetId);
    }

    void readSharesFrom(ShareReader reader) {
        shares = reader;
    }

    /** Asks Redis for the next shares, and returns whether that is done, which it is not while Redis is busy. */
    boolean prefetchShares() {
        return shares == null || shares.prefetch();
    }

    public boolean isClosed() {
        return expired || isSoldOut();
    }

    public boolean isSoldOut() {
        return tally().awardedShares() == packet.shares();
    }

    /**
     * The next share in the queue.
     *
     * @throws redpacket.topology.shares.SharesUnavailableException if Redis does not hand it out in time
     */
    public Share nextShare() {
        int cursor = tally().awardedShares();
        long cents = shares.shareAt(cursor);
        if (!canBeNext(cents)) {
            shares.reload(cursor);
            cents = shares.shareAt(cursor);
            if (!canBeNext(cents)) {
                throw new IllegalStateException("packet " + packet.packetId() + ": share " + cursor + " of " + cents
                        + " cents cannot be right, even after its queue was loaded again");
            }
        }
        return new Share(cursor, cents);
    }

    public void award(Winner winner) {
        add(winner);
        if (isSoldOut()) {
            shares = null;
        }
    }

    void expire() {
        expired = true;
        shares = null;
    }

    private boolean canBeNext(long cents) {
        return packet.canBeNext(tally().awardedShares(), tally().awardedCents(), cents);
    }
}
