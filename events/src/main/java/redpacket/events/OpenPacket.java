package redpacket.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Command on {@code redpacket.opens}: put {@code totalCents} into a packet of {@code shares} shares.
 *
 * <p>Only its form is checked here. Terms that no packet can have (fewer cents than shares, say) are readable, and are
 * answered with {@link PacketEvent.Rejected}.
 *
 * @param split {@link Split#RANDOM} when absent
 * @param campaign groups packets in the statistics; may be absent
 * @param openForMillis time to the deadline, counted from when the broker appended this command;
 *     {@value #DEFAULT_OPEN_FOR_MILLIS} (a day) when absent
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OpenPacket(
        String packetId,
        String senderId,
        long totalCents,
        int shares,
        Split split,
        String campaign,
        long openForMillis) {

    public static final long DEFAULT_OPEN_FOR_MILLIS = 86_400_000;

    public OpenPacket {
        Ids.required("packetId", packetId);
        Ids.required("senderId", senderId);
        Ids.optional("campaign", campaign);
        if (split == null) {
            split = Split.RANDOM;
        }
    }

    @JsonCreator
    static OpenPacket read(
            String packetId,
            String senderId,
            Long totalCents,
            Integer shares,
            Split split,
            String campaign,
            Long openForMillis) {
        if (totalCents == null) {
            throw new InvalidEventException("totalCents is missing");
        }
        if (shares == null) {
            throw new InvalidEventException("shares is missing");
        }
        return new OpenPacket(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openForMillis == null ? DEFAULT_OPEN_FOR_MILLIS : openForMillis);
    }
}
