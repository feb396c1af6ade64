package redpacket.events;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One of the parts that a packet is cut into before the first grab.
 *
 * @param index position in the split of the packet, from 0; shares are handed out in this order
 * @param cents at least 1; 0 for a blank, which only a packet with prizes has
 * @param prize the name of the prize; null if the packet has no prizes, or this prize has no name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Share(int index, long cents, String prize) {
    public Share {
        Fields.atLeast(0, "share.index", index);
        Fields.atLeast(0, "share.cents", cents);
        Fields.optionalText("share.prize", prize, Limits.MAX_PRIZE_NAME_LENGTH);
    }

    /** A share without the name of a prize. */
    public Share(int index, long cents) {
        this(index, cents, null);
    }
}
