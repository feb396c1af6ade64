package redpacket.topology.packet;

import redpacket.events.Limits;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/**
 * A packet that was opened: its terms, its times and its seed. None of them ever changes.
 *
 * @param totalCents from {@code shares} to {@link Limits#MAX_TOTAL_CENTS}
 * @param shares from 1 to {@link Limits#MAX_SHARES}
 * @param campaign null if the packet belongs to none
 * @param openedAtMillis when the broker appended the open command
 * @param deadlineMillis grabs that the broker appends at or after this time are late
 */
public record Packet(
        String packetId,
        String senderId,
        long totalCents,
        int shares,
        Split split,
        String campaign,
        long openedAtMillis,
        long deadlineMillis,
        Seed seed) {

    /**
     * Checks the terms.
     *
     * @throws IllegalArgumentException if no packet can have these terms
     */
    public Packet {
        requirePossible(totalCents, shares);
    }

    static void requirePossible(long totalCents, int shares) {
        if (shares < 1 || shares > Limits.MAX_SHARES || totalCents < shares || totalCents > Limits.MAX_TOTAL_CENTS) {
            throw new IllegalArgumentException(
                    "A packet of " + shares + " shares cannot have " + totalCents + " cents");
        }
    }

    /** All shares in cents, in the order in which they are awarded. Time and memory grow with their number. */
    public long[] cut() {
        return Cut.of(split, totalCents, shares, seed);
    }

    /**
     * Whether the next share can have this many cents: at least one cent, one cent left for each later share, and
     * exactly the rest if it is the last.
     *
     * @param awardedShares shares awarded so far
     * @param awardedCents the sum of these shares
     */
    public boolean canBeNext(int awardedShares, long awardedCents, long cents) {
        int sharesToCome = shares - awardedShares - 1;
        long centsLeft = totalCents - awardedCents;
        if (sharesToCome <= 0) {
            return sharesToCome == 0 && cents >= 1 && cents == centsLeft;
        }
        return cents >= 1 && cents <= centsLeft - sharesToCome;
    }

    /**
     * The answer to the open command, also if the same command comes again.
     *
     * @param openOffset the offset of the answered command in its partition
     */
    public PacketEvent.Opened opened(long openOffset) {
        return new PacketEvent.Opened(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openedAtMillis,
                deadlineMillis,
                seed.commitment(),
                openOffset);
    }

    /**
     * The closing event after the last share. It reveals the seed.
     *
     * @param closedAtMillis when the broker appended the grab that won the last share
     * @throws IllegalStateException if the tally does not include every share and every cent
     */
    public PacketEvent.SoldOut soldOut(Tally tally, long closedAtMillis) {
        if (tally.awardedShares() != shares || tally.awardedCents() != totalCents) {
            throw new IllegalStateException(this + " is not sold out: " + tally);
        }
        // The commands and the grabs may be dated by brokers whose clocks differ. The time is never negative.
        long elapsedMillis = Math.max(0, closedAtMillis - openedAtMillis);
        return new PacketEvent.SoldOut(
                packetId, campaign, shares, totalCents, closedAtMillis, elapsedMillis, tally.luckiest(), seed.hex());
    }

    /**
     * The closing event after the deadline. It refunds the rest and reveals the seed.
     *
     * @throws IllegalStateException if no share is left, or fewer cents than shares
     */
    public PacketEvent.Expired expired(Tally tally) {
        long refundedCents = totalCents - tally.awardedCents();
        if (tally.awardedShares() >= shares || refundedCents < shares - tally.awardedShares()) {
            throw new IllegalStateException(this + " cannot expire: " + tally);
        }
        return new PacketEvent.Expired(
                packetId,
                campaign,
                tally.awardedShares(),
                tally.awardedCents(),
                refundedCents,
                deadlineMillis,
                tally.luckiest(),
                seed.hex());
    }
}
