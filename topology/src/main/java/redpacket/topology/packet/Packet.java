package redpacket.topology.packet;

import redpacket.events.Limits;
import redpacket.events.PacketEvent;
import redpacket.events.Split;

/**
 * A packet that was opened: its terms, its times and its seed, none of which ever change.
 *
 * @param totalCents from {@code shares} to {@link Limits#MAX_TOTAL_CENTS}
 * @param shares from 1 to {@link Limits#MAX_SHARES}
 * @param campaign null if the packet belongs to none
 * @param openedAtMillis when the broker appended the open command
 * @param deadlineMillis grabs appended at or after this time are too late
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
     * A packet that is possible.
     *
     * @throws IllegalArgumentException if no packet can have these terms
     */
    public Packet {
        requirePossible(totalCents, shares);
    }

    static void requirePossible(long totalCents, int shares) {
        if (shares < 1 || shares > Limits.MAX_SHARES || totalCents < shares || totalCents > Limits.MAX_TOTAL_CENTS) {
            throw new IllegalArgumentException("no packet has " + shares + " shares of " + totalCents + " cents");
        }
    }

    /** Every share in cents, in the order in which they are handed out; takes time and memory in proportion to them. */
    public long[] cut() {
        return Cut.of(split, totalCents, shares, seed);
    }

    /**
     * Whether a share of this many cents can follow those handed out: a cent at least, one left for each share to come, and
     * exactly the rest if it is the last. If it cannot, then the queue that it came from is damaged.
     *
     * @param awardedShares shares handed out so far
     * @param awardedCents what they add up to
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
     * The answer to the open command, and to the same command again.
     *
     * @param openOffset where the answered command stands in its partition
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
     * The closing event after the last share; reveals the seed.
     *
     * @param closedAtMillis when the broker appended the grab that won the last share
     * @throws IllegalStateException if the tally is not that of a packet handed out to the last cent
     */
    public PacketEvent.SoldOut soldOut(Tally tally, long closedAtMillis) {
        if (tally.awardedShares() != shares || tally.awardedCents() != totalCents) {
            throw new IllegalStateException(this + " is not sold out with " + tally);
        }
        // Two partitions may be led by brokers whose clocks differ, but no packet sells out before it opened.
        long elapsedMillis = Math.max(0, closedAtMillis - openedAtMillis);
        return new PacketEvent.SoldOut(
                packetId, campaign, shares, totalCents, closedAtMillis, elapsedMillis, tally.luckiest(), seed.hex());
    }

    /**
     * The closing event after the deadline: refunds what is left and reveals the seed.
     *
     * @throws IllegalStateException if nothing is left, or not a cent for each share that is
     */
    public PacketEvent.Expired expired(Tally tally) {
        long refundedCents = totalCents - tally.awardedCents();
        if (tally.awardedShares() >= shares || refundedCents < shares - tally.awardedShares()) {
            throw new IllegalStateException(this + " cannot expire with " + tally);
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
