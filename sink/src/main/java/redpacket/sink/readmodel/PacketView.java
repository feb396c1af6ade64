package redpacket.sink.readmodel;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import redpacket.events.PacketEvent;
import redpacket.events.Prize;
import redpacket.events.Split;

/**
 * The current state of a packet: its terms, its status and its totals.
 *
 * @param luckiest the luckiest winner so far; null if there is no winner
 * @param closedAtMillis as in {@link PacketEvent.Closed}; null while the packet is open
 * @param refundedCents as in {@link PacketEvent.Expired}; null unless the packet has expired or was cancelled
 * @param seed as in {@link PacketEvent.Closed}; null while the packet is open
 * @param startsAtMillis null, like the terms that follow, if the packet does not have this term
 * @param complete false if the read model lacks awards of this packet; it must be rebuilt then
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
        Long startsAtMillis,
        Long minCents,
        Long maxCents,
        List<Prize> prizes,
        PacketEvent.OnlyUsers onlyUsers,
        String currency,
        String title,
        boolean complete) {

    /** The status of a packet. In text it is the {@code type} of the event that led to it. */
    public enum Status {
        OPENED("opened"),
        SOLD_OUT("sold-out"),
        EXPIRED("expired"),
        CANCELLED("cancelled");

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
            throw new IllegalArgumentException("unknown status: " + type);
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

    /** Cents not awarded. Once the packet is closed, they have been refunded to the sender. */
    @JsonProperty
    public long centsLeft() {
        return totalCents - awardedCents;
    }
}
