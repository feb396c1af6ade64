package redpacket.events;

/** How the total of a packet is cut into shares. */
public enum Split {
    /** At random by the double-mean method, within the bounds of the packet, then shuffled. */
    RANDOM,

    /** As evenly as whole cents allow. A shuffle decides which shares get the odd cents. */
    EQUAL,

    /** Into the prizes of the packet, shuffled. */
    PRIZES
}
