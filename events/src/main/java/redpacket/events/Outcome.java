package redpacket.events;

/** The answer to a grab. */
public enum Outcome {
    /** The user wins a share, or this same grab won it before. */
    AWARDED,

    /** The user holds a share of this packet under another grab id; the result carries that share. */
    ALREADY_GRABBED,

    /** Every share was won. */
    SOLD_OUT,

    /** The grab came at or after the packet's deadline. */
    EXPIRED,

    /** The packet was never opened, or was closed so long ago that the pipeline has forgotten it. */
    UNKNOWN_PACKET,

    /** The grab came before the packet's start. The user may grab again. */
    NOT_STARTED,

    /** The packet is for other users. */
    NOT_ELIGIBLE,

    /** The grab came after the sender had cancelled the packet. */
    CANCELLED;

    /** Whether a result with this outcome carries a share. */
    public boolean carriesShare() {
        return this == AWARDED || this == ALREADY_GRABBED;
    }
}
