package redpacket.sink.readmodel;

import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Share;

/** What a packet's winners up to one of them have together: all that the next one's entry needs. */
record RunningTotals(int index, long centsSoFar, int luckiestIndex, long luckiestCents) {
    private static final int FIELDS = 8;

    /** The one with the share of this index, from its entry. */
    static RunningTotals of(int index, String entry) {
        String[] fields = entry.split(" ", FIELDS);
        return new RunningTotals(
                index, Long.parseLong(fields[5]), Integer.parseInt(fields[6]), Long.parseLong(fields[7]));
    }

    /** The first of a packet. */
    static RunningTotals first(AwardResult award) {
        Share share = award.share();
        return new RunningTotals(share.index(), share.cents(), share.index(), share.cents());
    }

    /** The one with the next share. */
    RunningTotals next(AwardResult award) {
        Share share = award.share();
        long cents = centsSoFar + share.cents();
        return share.cents() > luckiestCents
                ? new RunningTotals(share.index(), cents, share.index(), share.cents())
                : new RunningTotals(share.index(), cents, luckiestIndex, luckiestCents);
    }

    /**
     * The entry in the packet's view, where the field is the share's index: user, grab, cents, time, the grab's offset; and of all
     * up to this one: cents, index and cents of the luckiest.
     *
     * @param award this winner's
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
                + luckiestCents;
    }

    /**
     * The luckiest up to this one.
     *
     * @param itsEntry the entry that it has itself
     */
    PacketEvent.Luckiest luckiest(String itsEntry) {
        String userId = itsEntry.substring(0, itsEntry.indexOf(' '));
        return new PacketEvent.Luckiest(userId, new Share(luckiestIndex, luckiestCents));
    }

    /** What users see of an entry. */
    static Award award(String packetId, int index, String entry) {
        String[] fields = entry.split(" ", FIELDS);
        return new Award(
                packetId, fields[0], fields[1], new Share(index, Long.parseLong(fields[2])), Long.parseLong(fields[3]));
    }
}
