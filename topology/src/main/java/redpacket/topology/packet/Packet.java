package redpacket.topology.packet;

import java.util.List;
import redpacket.events.CancelPacket;
import redpacket.events.Limits;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Prize;
import redpacket.events.Share;
import redpacket.events.Split;

/**
 * A packet that was opened: its terms, its times and its seed. None of them ever changes.
 *
 * @param totalCents from {@code shares} to {@link Limits#MAX_TOTAL_CENTS}; with prizes from 1 on
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
        Seed seed,
        SpecialTerms special) {

    /**
     * Checks the terms.
     *
     * @throws IllegalArgumentException if no packet can have these terms
     */
    public Packet {
        requirePossible(totalCents, special.prizes() == null ? shares : 1);
        requirePossible(Math.max(totalCents, shares), shares);
    }

    /** A packet without special terms. */
    public Packet(
            String packetId,
            String senderId,
            long totalCents,
            int shares,
            Split split,
            String campaign,
            long openedAtMillis,
            long deadlineMillis,
            Seed seed) {
        this(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openedAtMillis,
                deadlineMillis,
                seed,
                SpecialTerms.NONE);
    }

    static void requirePossible(long totalCents, int shares) {
        if (shares < 1 || shares > Limits.MAX_SHARES || totalCents < shares || totalCents > Limits.MAX_TOTAL_CENTS) {
            throw new IllegalArgumentException(
                    "A packet of " + shares + " shares cannot have " + totalCents + " cents");
        }
    }

    /** Grabs that the broker appends before this time win nothing yet. Not before the opening. */
    public long startMillis() {
        return special.startMillis(openedAtMillis);
    }

    /**
     * All shares in the order in which they are awarded, as the queue holds them: in cents, or, of a packet with
     * prizes, the numbers of their prizes. Time and memory grow with their number.
     */
    public long[] cut() {
        return Cut.of(this);
    }

    /**
     * The winner of a share.
     *
     * @param queued the share as the queue holds it
     * @throws IllegalStateException if there is no prize with this number
     */
    public Winner winner(String userId, String grabId, int index, long queued) {
        List<Prize> prizes = special.prizes();
        if (prizes == null) {
            return new Winner(userId, grabId, new Share(index, queued));
        }
        if (queued < 1 || queued > prizes.size()) {
            throw new IllegalStateException("Packet " + packetId + " has no prize " + queued);
        }
        return new Winner(
                userId, grabId, new Share(index, prizes.get((int) queued - 1).cents()), (int) queued);
    }

    /** The share of a winner, as results show it: with the name of its prize. */
    public Share shown(Winner winner) {
        return shown(winner.share(), winner.prize());
    }

    private Share shown(Share share, int prize) {
        String name = prize == 0 ? null : special.prizes().get(prize - 1).name();
        return name == null ? share : new Share(share.index(), share.cents(), name);
    }

    /**
     * Whether the next share can have this many cents: within the bounds, enough cents left for each later share, and
     * exactly the rest if it is the last.
     *
     * @param awardedShares shares awarded so far
     * @param awardedCents the sum of these shares
     */
    public boolean canBeNext(int awardedShares, long awardedCents, long cents) {
        int sharesToCome = shares - awardedShares - 1;
        long centsLeft = totalCents - awardedCents;
        long least = special.leastCents();
        if (cents < least || cents > special.mostCents()) {
            return false;
        }
        return sharesToCome <= 0 ? sharesToCome == 0 && cents == centsLeft : cents <= centsLeft - sharesToCome * least;
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
                openOffset,
                special.startsAtMillis(),
                special.minCents(),
                special.maxCents(),
                special.prizes(),
                special.shownUsers(seed),
                special.currency(),
                special.title());
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
        long elapsedMillis = Math.max(0, closedAtMillis - startMillis());
        return new PacketEvent.SoldOut(
                packetId,
                campaign,
                special.currency(),
                shares,
                totalCents,
                closedAtMillis,
                elapsedMillis,
                luckiest(tally),
                seed.hex());
    }

    /**
     * The closing event after the deadline. It refunds the rest and reveals the seed.
     *
     * @throws IllegalStateException if no share is left, or less than the least cents of each share
     */
    public PacketEvent.Expired expired(Tally tally) {
        return new PacketEvent.Expired(
                packetId,
                campaign,
                special.currency(),
                tally.awardedShares(),
                tally.awardedCents(),
                rest(tally),
                deadlineMillis,
                luckiest(tally),
                seed.hex());
    }

    /**
     * The closing event of a packet that is cancelled. It refunds the rest and reveals the seed.
     *
     * @param command of the sender
     * @param cancelledAtMillis when the broker appended the command
     * @param fromGrabOffset the offset of the next grab to decide
     * @param openOffset the offset of the command in its partition
     * @throws IllegalStateException if no share is left, or less than the least cents of each share
     */
    public PacketEvent.Cancelled cancelled(
            CancelPacket command, Tally tally, long cancelledAtMillis, long fromGrabOffset, long openOffset) {
        return new PacketEvent.Cancelled(
                packetId,
                campaign,
                special.currency(),
                tally.awardedShares(),
                tally.awardedCents(),
                rest(tally),
                cancelledAtMillis,
                fromGrabOffset,
                command.reason(),
                openOffset,
                luckiest(tally),
                seed.hex());
    }

    /** The sums of a closed packet. */
    public PacketEvent.Sums sums(Tally tally) {
        return new PacketEvent.Sums(tally.awardedShares(), tally.awardedCents(), totalCents - tally.awardedCents());
    }

    private long rest(Tally tally) {
        long cents = totalCents - tally.awardedCents();
        int sharesLeft = shares - tally.awardedShares();
        if (sharesLeft <= 0 || cents < sharesLeft * special.leastCents()) {
            throw new IllegalStateException(this + " cannot close with a rest: " + tally);
        }
        return cents;
    }

    private Luckiest luckiest(Tally tally) {
        Luckiest luckiest = tally.luckiest();
        return luckiest == null
                ? null
                : new Luckiest(luckiest.userId(), shown(luckiest.share(), tally.luckiestPrize()));
    }
}
