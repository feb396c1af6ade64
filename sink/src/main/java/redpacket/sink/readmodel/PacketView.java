package redpacket.sink.readmodel;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/**
 * A packet as of now: its terms, what became of it, and what is left.
 *
 * @param closedAtMillis and {@code refundedCents}, {@code seed}: as in {@link PacketEvent.Closed}; null before, and refunded
 *     only from an expired packet
 * @param luckiest of those who won so far; null when nobody did
 * @param complete false when awards are missing in the read model, so that it must be rebuilt
 */
public record PacketView(
        String packetId,
        Status status,
        String senderId,
        long totalCents,
        int shares,
        Split split,
        String campaign,
        long openedAtMillis,
        long deadlineMillis,
        String commitment,
        int awardedShares,
        long awardedCents,
        PacketEvent.Luckiest luckiest,
        Long closedAtMillis,
        Long refundedCents,
        String seed,
        boolean complete) {

    /** Where a packet is in its life; in text as the {@code type} of the event that led there. */
    public enum Status {
        OPENED("opened"),
        SOLD_OUT("sold-out"),
        EXPIRED("expired");

        private final String type;

        Status(String type) {
            this.type = type;
        }

        static Status of(String type) {
            for (Status status : values()) {
                if (status.type.equals(type)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("no status: " + type);
        }

        @JsonValue
        @Override
        public String toString() {
            return type;
        }
    }

    @JsonProperty
    public int sharesLeft() {
        return shares - awardedShares;
    }

    /** What no one has won; of a closed packet, it went back to the sender. */
    @JsonProperty
    public long centsLeft() {
        return totalCents - awardedCents;
    }
}
