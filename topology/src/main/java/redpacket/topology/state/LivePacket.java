package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Status;
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

    /** That never change: {@link #OWN_BYTES} and the terms. */
    private final int bytesOfTerms;

    /** Of the packet id, as {@link PacketTable} computed it. */
    private int hash;

    /** Whether it was used since {@link PacketTable} last looked for a packet to evict. */
    private boolean touched = true;

    /** Whether the weight may have changed since {@link #weigh}. */
    private boolean changed;

    /** As {@link #weigh} returned it last. */
    private int weight;

    private Status status = Status.OPEN;

    /** Null once no more shares will be handed out. */
    private ShareReader shares;

    /** A packet without winners. */
    LivePacket(Packet packet, WinnerStore store) {
        this.packet = packet;
        this.bytesOfTerms = OWN_BYTES + textBytes(packet) + packet.special().weight();
        this.winners = new Winners(store, packet.packetId().getBytes(ISO_8859_1), packet.shares());
    }

    public Packet packet() {
        return packet;
    }

    public Tally tally() {
        return winners.tally();
    }

    public Status status() {
        return status;
    }

    boolean isClosed() {
        return status != Status.OPEN || isSoldOut();
    }

    public boolean isSoldOut() {
        return tally().awardedShares() == packet.shares();
    }

    /** The user who holds a share; null if the user holds none. */
    public Winner find(String userId) {
        return winners.find(userId);
    }

    /**
     * Offers the next share of the queue to a user. The share is not awarded yet.
     *
     * @throws redpacket.topology.shares.SharesUnavailableException if Redis does not deliver it in time
     */
    public Winner nextWinner(String userId, String grabId) {
        int cursor = tally().awardedShares();
        Winner winner = packet.winner(userId, grabId, cursor, shares.shareAt(cursor));
        long cents = winner.share().cents();
        // An assertion: this share is the seed's, so the winners before it would be wrong.
        if (!packet.canBeNext(cursor, tally().awardedCents(), cents)) {
            throw new IllegalStateException("Share " + cursor + " of packet " + packet.packetId() + " has " + cents
                    + " cents, which is impossible after " + tally());
        }
        return winner;
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

    void close(Status by) {
        changed = true;
        status = by;
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
        weight = bytesOfTerms + winners.weight() + (shares == null ? 0 : shares.weight());
        return weight;
    }

    /** As {@link #weigh} returned it last. */
    int weight() {
        return weight;
    }

    private static int textBytes(Packet packet) {
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
