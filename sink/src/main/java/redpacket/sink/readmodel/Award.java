package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.Base64;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.Share;

/** A share and who got it, as it stands in a packet's list of winners and in a user's awards. */
public record Award(String packetId, String userId, String grabId, Share share, long grabbedAtMillis) {

    /** The share that a result carries; it must carry one. */
    public static Award of(AwardResult result) {
        return new Award(result.packetId(), result.userId(), result.grabId(), result.share(), result.grabbedAtMillis());
    }

    /**
     * The entry in the packet's list, where the position is the share's index: user, grab, cents, time, index, the grab's offset. The
     * script adds what is so far: cents, and index and cents of the luckiest.
     */
    static String inPacket(AwardResult result) {
        return result.userId()
                + ' '
                + result.grabId()
                + ' '
                + result.share().cents()
                + ' '
                + result.grabbedAtMillis()
                + ' '
                + result.share().index()
                + ' '
                + result.grabOffset();
    }

    static Award ofPacket(String packetId, int index, String entry) {
        String[] parts = entry.split(" ", 5);
        return new Award(
                packetId, parts[0], parts[1], new Share(index, Long.parseLong(parts[2])), Long.parseLong(parts[3]));
    }

    /**
     * What a packet's winners have up to one of them.
     *
     * @param luckiest null when nobody won
     */
    record SoFar(int shares, long cents, PacketEvent.Luckiest luckiest) {
        static final SoFar NOTHING = new SoFar(0, 0, null);

        /** Of the entries of the last winner and of the luckiest. */
        static SoFar of(String last, String luckiest) {
            String[] parts = last.split(" ", 9);
            Share share = new Share(Integer.parseInt(parts[7]), Long.parseLong(parts[8]));
            return new SoFar(
                    Integer.parseInt(parts[4]) + 1,
                    Long.parseLong(parts[6]),
                    new PacketEvent.Luckiest(luckiest.substring(0, luckiest.indexOf(' ')), share));
        }
    }

    /** The entry in the user's set, where the score is the time: packet, share's index, cents, grab. */
    static String inUser(AwardResult result) {
        return result.packetId()
                + ' '
                + result.share().index()
                + ' '
                + result.share().cents()
                + ' '
                + result.grabId();
    }

    static Award ofUser(String userId, String entry, long grabbedAtMillis) {
        String[] parts = entry.split(" ", 4);
        return new Award(
                parts[0],
                userId,
                parts[3],
                new Share(Integer.parseInt(parts[1]), Long.parseLong(parts[2])),
                grabbedAtMillis);
    }

    /** Names this award in its user's awards, for {@link Views#awards}; safe in URLs. */
    public String cursor() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(entryOfUser()));
    }

    /**
     * Returns the entry in the user's set.
     *
     * @throws IllegalArgumentException if it is no cursor
     */
    static byte[] entryOfUser(String cursor) {
        return Base64.getUrlDecoder().decode(cursor);
    }

    String entryOfUser() {
        return packetId + ' ' + share.index() + ' ' + share.cents() + ' ' + grabId;
    }
}
