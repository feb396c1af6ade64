package redpacket.sink.readmodel;

import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Share;

/**
 * The totals of a packet's winners up to one winner. The entry of the next winner follows from them and its award.
 *
 * @param index the share index of this winner
 * @param centsSoFar cents of all winners up to this one
 */
record RunningTotals(int index, long centsSoFar, int luckiestIndex, long luckiestCents) {
    private static final int FIELDS = 10;
    private static final int CURRENCY = 8;
    private static final int PRIZE = 9;

    /** Parses the entry of the winner with this share index. */
    static RunningTotals of(int index, String entry) {
        String[] fields = entry.split(" ", FIELDS);
        return new RunningTotals(
                index, Long.parseLong(fields[5]), Integer.parseInt(fields[6]), Long.parseLong(fields[7]));
    }

    /** The totals of the first winner of a packet. */
    static RunningTotals first(AwardResult award) {
        Share share = award.share();
        return new RunningTotals(share.index(), share.cents(), share.index(), share.cents());
    }

    /** The totals with the winner of the next share. */
    RunningTotals next(AwardResult award) {
        Share share = award.share();
        long cents = centsSoFar + share.cents();
        return share.cents() > luckiestCents
                ? new RunningTotals(share.index(), cents, share.index(), share.cents())
                : new RunningTotals(share.index(), cents, luckiestIndex, luckiestCents);
    }

    /**
     * The entry of this winner in the hash of winners. It contains the user, grab, cents, time and grab offset of the
     * award, the totals: cents, index and cents of the luckiest, and {@link Award#special}.
     *
     * @param award of this winner
     */
    String entry(AwardResult award) {
        return award.userId()
                + ' '
                + award.grabId()
                + ' '
                + award.share().cents()
                + ' '
                + award.grabbedAtMillis()
                + ' '
                + award.grabOffset()
                + ' '
                + centsSoFar
                + ' '
                + luckiestIndex
                + ' '
                + luckiestCents
                + Award.special(award.currency(), award.share().prize());
    }

    /**
     * The luckiest winner up to this one.
     *
     * @param itsEntry the entry of the luckiest winner
     */
    PacketEvent.Luckiest luckiest(String itsEntry) {
        String[] fields = itsEntry.split(" ", FIELDS);
        return new PacketEvent.Luckiest(
                fields[0], new Share(luckiestIndex, luckiestCents, Award.prizeAt(PRIZE, fields)));
    }

    /** Parses the award of an entry. */
    static Award award(String packetId, int index, String entry) {
        String[] fields = entry.split(" ", FIELDS);
        return new Award(
                packetId,
                fields[0],
                fields[1],
                new Share(index, Long.parseLong(fields[2]), Award.prizeAt(PRIZE, fields)),
                Long.parseLong(fields[3]),
                Award.currencyAt(CURRENCY, fields));
    }
}
