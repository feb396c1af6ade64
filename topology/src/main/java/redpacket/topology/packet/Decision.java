package redpacket.topology.packet;

import redpacket.events.Outcome;

/** The decision on a grab. */
public enum Decision {
    /** The user wins the next share of the packet. */
    NEXT_SHARE(Outcome.AWARDED),
    /** The same grab won this share before. The answer repeats it, and no money moves. */
    SAME_SHARE_AGAIN(Outcome.AWARDED),
    /** The user holds a share of the packet, won by another grab. */
    ALREADY_GRABBED(Outcome.ALREADY_GRABBED),
    /** Every share has its winner. */
    SOLD_OUT(Outcome.SOLD_OUT),
    /** The packet was closed when the broker appended the grab. */
    EXPIRED(Outcome.EXPIRED),
    /** There is no such packet. */
    UNKNOWN_PACKET(Outcome.UNKNOWN_PACKET),
    /** The packet has not started when the broker appended the grab. The grab is forgotten. */
    NOT_STARTED(Outcome.NOT_STARTED),
    /** The packet is for other users. */
    NOT_ELIGIBLE(Outcome.NOT_ELIGIBLE),
    /** The sender had cancelled the packet. */
    CANCELLED(Outcome.CANCELLED);

    private final Outcome outcome;

    Decision(Outcome outcome) {
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Whether the answer repeats an award. */
    public boolean repeat() {
        return this == SAME_SHARE_AGAIN;
    }

    /**
     * Decides a grab. This allocates nothing, because it runs for every grab. A user who holds a share keeps getting
     * that answer, also after the packet closed. A user for whom the packet is not gets always the same answer. A
     * packet that is both sold out and past its deadline was sold out first.
     *
     * @param packetOrNull the packet; null if there is none with this id
     * @param status once the packet is closed, nobody may win a share, even if a broker's clock dates the grab before
     *     the deadline
     * @param awardedShares shares that have a winner
     * @param winnerOrNull the share that the user holds; null if none
     * @param grabbedAtMillis when the broker appended the grab
     */
    public static Decision on(
            Packet packetOrNull,
            Status status,
            int awardedShares,
            Winner winnerOrNull,
            String userId,
            String grabId,
            long grabbedAtMillis) {
        if (packetOrNull == null) {
            return UNKNOWN_PACKET;
        }
        if (winnerOrNull != null) {
            return winnerOrNull.grabId().equals(grabId) ? SAME_SHARE_AGAIN : ALREADY_GRABBED;
        }
        SpecialTerms special = packetOrNull.special();
        if (!special.isFor(userId)) {
            return NOT_ELIGIBLE;
        }
        if (awardedShares >= packetOrNull.shares()) {
            return SOLD_OUT;
        }
        if (status == Status.CANCELLED) {
            return CANCELLED;
        }
        if (status == Status.EXPIRED || grabbedAtMillis >= packetOrNull.deadlineMillis()) {
            return EXPIRED;
        }
        return special.isBeforeStart(grabbedAtMillis) ? NOT_STARTED : NEXT_SHARE;
    }
}
