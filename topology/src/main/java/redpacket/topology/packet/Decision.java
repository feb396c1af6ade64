package redpacket.topology.packet;

import redpacket.events.Outcome;

/** What becomes of a grab. */
public enum Decision {
    /** The user wins the next share of the packet. */
    NEXT_SHARE(Outcome.AWARDED),
    /** The grab was answered before: the same share is told again, and no money moves. */
    SAME_SHARE_AGAIN(Outcome.AWARDED),
    /** The user holds a share of the packet, won by another grab. */
    ALREADY_GRABBED(Outcome.ALREADY_GRABBED),
    /** Every share has its winner. */
    SOLD_OUT(Outcome.SOLD_OUT),
    /** The packet was open no longer when the broker appended the grab. */
    EXPIRED(Outcome.EXPIRED),
    /** No such packet. */
    UNKNOWN_PACKET(Outcome.UNKNOWN_PACKET);

    private final Outcome outcome;

    Decision(Outcome outcome) {
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Whether the answer tells of a share that was announced before to the same grab. */
    public boolean repeat() {
        return this == SAME_SHARE_AGAIN;
    }

    /**
     * Decides a grab; called for every one of them, so it allocates nothing. What a user won stays true whatever happened
     * since; and a packet that is both sold out and past its deadline was sold out first.
     *
     * @param packetOrNull the grabbed packet, if it is known
     * @param closed whether the packet's closing event was given; from then on no share may be won, whatever a broker's
     *     clock says about the grab
     * @param awardedShares shares that have a winner
     * @param winnerOrNull what the user holds of this packet, if anything
     * @param grabbedAtMillis when the broker appended the grab
     */
    public static Decision on(
            Packet packetOrNull,
            boolean closed,
            int awardedShares,
            Winner winnerOrNull,
            String grabId,
            long grabbedAtMillis) {
        if (packetOrNull == null) {
            return UNKNOWN_PACKET;
        }
        if (winnerOrNull != null) {
            return winnerOrNull.grabId().equals(grabId) ? SAME_SHARE_AGAIN : ALREADY_GRABBED;
        }
        if (awardedShares >= packetOrNull.shares()) {
            return SOLD_OUT;
        }
        if (closed || grabbedAtMillis >= packetOrNull.deadlineMillis()) {
            return EXPIRED;
        }
        return NEXT_SHARE;
    }
}
