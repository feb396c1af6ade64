package redpacket.events;

/** How a packet's total is cut into shares. */
public enum Split {
    /** At random by the double-mean method, then shuffled. */
    RANDOM,
    /** As even as cents allow; who gets the odd cents is shuffled. */
    EQUAL
}
