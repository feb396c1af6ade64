package redpacket.events;

/**
 * One of the pieces that a packet was cut into before its first grab.
 *
 * @param index position in the packet's split, from 0; shares are handed out in this order
 * @param cents amount, at least 1
 */
public record Share(int index, long cents) {
    public Share {
        if (index < 0) {
            throw new InvalidEventException("share index is " + index + "; it starts at 0");
        }
        if (cents < 1) {
            throw new InvalidEventException("share is of " + cents + " cents; the least is 1");
        }
    }
}
