package redpacket.sink.readmodel;

import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Share;

/**
 * An entry in a packet's list of winners, where the position is the share's index: user, grab, cents, time, index, the grab's offset;
 * and of all up to this one: cents, index and cents of the luckiest. So the last entry is all that the next award needs.
 */
record Winner(String entry, int index, long grabOffset, long centsSoFar, int luckiestIndex, long luckiestCents) {
    private static final int FIELDS = 9;

    static Winner of(String entry) {
        String[] fields = entry.split(" ", FIELDS);
        return new Winner(
                entry,
                Integer.parseInt(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                Integer.parseInt(fields[7]),
                Long.parseLong(fields[8]));
    }

    /** The first of a packet. */
    static Winner first(AwardResult award) {
        return after(0, award.share(), award);
    }

    /** The one with the next share. */
    Winner next(AwardResult award) {
        boolean luckier = award.share().cents() > luckiestCents;
        return after(centsSoFar, luckier ? award.share() : new Share(luckiestIndex, luckiestCents), award);
    }

    private static Winner after(long centsBefore, Share luckiest, AwardResult award) {
        Share share = award.share();
        long cents = centsBefore + share.cents();
        String entry = award.userId()
                + ' '
                + award.grabId()
                + ' '
                + share.cents()
                + ' '
                + award.grabbedAtMillis()
                + ' '
                + share.index()
                + ' '
                + award.grabOffset()
                + ' '
                + cents
                + ' '
                + luckiest.index()
                + ' '
                + luckiest.cents();
        return new Winner(entry, share.index(), award.grabOffset(), cents, luckiest.index(), luckiest.cents());
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
