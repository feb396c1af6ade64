package redpacket.events;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigInteger;

/**
 * Command on {@code redpacket.opens}: put {@code totalCents} into a packet and cut them into {@code shares} shares.
 *
 * <p>Only the form of a command is checked here. A command with impossible terms (for example fewer cents than shares,
 * or more cents than a long can hold) is readable, and the pipeline answers it with {@link PacketEvent.Rejected}.
 *
 * @param split {@link Split#RANDOM} if absent
 * @param campaign groups packets in the statistics; may be absent
 * @param openForMillis time from the moment when the broker appended this command to the deadline; {@value
 *     Limits#DEFAULT_OPEN_FOR_MILLIS} (one day) if absent
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

    public OpenPacket {
        Ids.required("packetId", packetId);
        Ids.foreign("senderId", senderId);
        Ids.optional("campaign", campaign);
        if (split == null) {
            split = Split.RANDOM;
        }
    }

    /**
     * Reads numbers of any size. A number that a long or an int cannot hold becomes the nearest number that it can
     * hold: both are beyond the limits.
     */
    @JsonCreator
    static OpenPacket read(
            @JsonProperty("packetId") String packetId,
            @JsonProperty("senderId") String senderId,
            @JsonProperty("totalCents") BigInteger totalCents,
            @JsonProperty("shares") BigInteger shares,
            @JsonProperty("split") Split split,
            @JsonProperty("campaign") String campaign,
            @JsonProperty("openForMillis") BigInteger openForMillis) {
        return new OpenPacket(
                packetId,
                senderId,
                within(Long.MIN_VALUE, Long.MAX_VALUE, Fields.required("totalCents", totalCents)),
                (int) within(Integer.MIN_VALUE, Integer.MAX_VALUE, Fields.required("shares", shares)),
                split,
                campaign,
                openForMillis == null
                        ? Limits.DEFAULT_OPEN_FOR_MILLIS
                        : within(Long.MIN_VALUE, Long.MAX_VALUE, openForMillis));
    }

    /**
     * Requires that a packet can have these terms.
     *
     * @throws InvalidEventException if the pipeline would reject the command, whatever was opened before
     */
    public OpenPacket requirePossible() {
        ImpossibleTerms.of(this).ifPresent(impossible -> {
            throw new InvalidEventException(impossible.detail());
        });
        return this;
    }

    private static long within(long least, long most, BigInteger number) {
        return number.max(BigInteger.valueOf(least))
                .min(BigInteger.valueOf(most))
                .longValue();
    }
}
