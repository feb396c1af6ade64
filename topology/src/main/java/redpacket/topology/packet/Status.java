package redpacket.topology.packet;

/** Whether a packet was closed before all its shares were won. That it is sold out follows from its winners. */
public enum Status {
    OPEN,
    /** It was closed at its deadline. */
    EXPIRED,
    /** Its sender cancelled it. */
    CANCELLED
}
