package redpacket.events;

/**
 * One of the parts that a packet is cut into before the first grab.
 *
 * @param index position in the split of the packet, from 0; shares are handed out in this order
 * @param cents at least 1
 */
public record Share(int index, long cents) {
    public Share {
        Fields.atLeast(0, "share.index", index);
        Fields.atLeast(1, "share.cents", cents);
    }
}
