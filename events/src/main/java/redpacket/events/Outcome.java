package redpacket.events;

/** What became of a grab. */
public enum Outcome {
    /** A share, also when the same grab is answered again. */
    AWARDED,
    /** The user holds a share of this packet under another grab id; the result carries that share. */
    ALREADY_GRABBED,
    /** Every share has its winner. */
    SOLD_OUT,
    /** Grabbed at or after the packet's deadline. */
    EXPIRED,
    /** Never opened, or closed so long ago that it was forgotten. */
    UNKNOWN_PACKET;

    /** Whether a result with this outcome carries a share. */
    public boolean carriesShare() {
        return this == AWARDED || this == ALREADY_GRABBED;
    }
}
