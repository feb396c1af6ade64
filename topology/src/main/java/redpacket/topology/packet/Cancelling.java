package redpacket.topology.packet;

import redpacket.events.PacketEvent.CancelOutcome;

/** The decision on a command to cancel. */
public final class Cancelling {
    private Cancelling() {}

    /**
     * Decides a command to cancel. Only the sender may cancel a packet, and learns how it closed. What is closed stays
     * as it closed.
     *
     * @param packetOrNull the packet; null if there is none with this id
     * @param awardedShares shares that have a winner
     * @param senderId who sent the command
     */
    public static CancelOutcome decide(Packet packetOrNull, Status status, int awardedShares, String senderId) {
        if (packetOrNull == null) {
            return CancelOutcome.UNKNOWN_PACKET;
        }
        if (!packetOrNull.senderId().equals(senderId)) {
            return CancelOutcome.OTHER_SENDER;
        }
        if (awardedShares >= packetOrNull.shares()) {
            return CancelOutcome.SOLD_OUT;
        }
        return switch (status) {
            case OPEN, CANCELLED -> CancelOutcome.CANCELLED;
            case EXPIRED -> CancelOutcome.EXPIRED;
        };
    }
}
