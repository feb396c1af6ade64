package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import redpacket.events.Share;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;
import redpacket.topology.shares.ShareReader;
import redpacket.topology.winners.WinnerStore;
import redpacket.topology.winners.Winners;

/**
 * A packet in memory: its terms, its winners, and its next shares from Redis. All of it follows from the stores, and it
 * never outlives a failure.
 */
public final class LivePacket {
    /** An estimate: this object, the terms with their seed, headers of strings, and its part of {@link PacketTable}. */
    private static final int OWN_BYTES = 300;

    private final Packet packet;
    private final Winners winners;

    /** Of the packet id, as {@link PacketTable} computed it. */
    private int hash;

    /** Whether it was used since {@link PacketTable} last looked for a packet to evict. */
    private boolean touched = true;

    /** Whether the weight may have changed since {@link #weigh}. */
    private boolean changed;

    /** As {@link #weigh} returned it last. */
    private int weight;

    private boolean expired;

    /** Null once no more shares will be handed out. */
    private ShareReader shares;

    /** A packet without winners. */
    LivePacket(Packet packet, WinnerStore store) {
        this.packet = packet;
        this.winners = new Winners(store, packet.packetId().getBytes(ISO_8859_1), packet.shares());
    }

    public Packet packet() {
        return packet;
    }

    public Tally tally() {
        return winners.tally();
    }

    public boolean isClosed() {
        return expired || isSoldOut();
    }

    public boolean isSoldOut() {
        return tally().awardedShares() == packet.shares();
    }

    /** The share that a user holds; null if there is none. */
    public Winner find(String userId) {
        return winners.find(userId);
    }

    /**
     * The next share of the queue.
     *
     * @throws redpacket.topology.shares.SharesUnavailableException if Redis does not deliver it in time
     */
    public Share nextShare() {
        int cursor = tally().awardedShares();
        long cents = shares.shareAt(cursor);
        // An assertion: this share is the seed's, so the winners before it would be wrong.
        if (!packet.canBeNext(cursor, tally().awardedCents(), cents)) {
            throw new IllegalStateException("Share " + cursor + " of packet " + packet.packetId() + " has " + cents
                    + " cents, which is impossible after " + tally());
        }
        return new Share(cursor, cents);
    }

    /** Adds the winner of the next share. */
    public void award(Winner winner) {
        changed = true;
        winners.add(winner);
        if (isSoldOut()) {
            shares = null;
        }
    }

    Winners winners() {
        return winners;
    }

    void expire() {
        changed = true;
        expired = true;
        shares = null;
    }

    void readSharesFrom(ShareReader reader) {
        shares = reader;
    }

    /** Requests the next block of shares. Returns false if Redis is busy, so that a later call makes sense. */
    boolean prefetchShares() {
        return shares == null || shares.prefetch();
    }

    boolean hasChanged() {
        return changed;
    }

    /** Estimates the bytes that the packet takes in memory. */
    int weigh() {
        changed = false;
        weight = OWN_BYTES + textBytes() + winners.weight() + (shares == null ? 0 : shares.weight());
        return weight;
    }

    /** As {@link #weigh} returned it last. */
    int weight() {
        return weight;
    }

    private int textBytes() {
        String campaign = packet.campaign();
        return packet.packetId().length() + packet.senderId().length() + (campaign == null ? 0 : campaign.length());
    }

    int hash() {
        return hash;
    }

    void setHash(int hashOfId) {
        hash = hashOfId;
    }

    boolean is(String packetId, int hashOfId) {
        return hash == hashOfId && packet.packetId().equals(packetId);
    }

    void touch() {
        touched = true;
    }

    /** Whether the packet was touched since the last call. */
    boolean takeTouch() {
        boolean was = touched;
        touched = false;
        return was;
    }
}
