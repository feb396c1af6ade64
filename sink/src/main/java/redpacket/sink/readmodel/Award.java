package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.Base64;
import redpacket.events.AwardResult;
import redpacket.events.Share;

/** A share and who got it, as it stands in a packet's list of winners and in a user's awards. */
public record Award(String packetId, String userId, String grabId, Share share, long grabbedAtMillis) {

    /** The share that a result carries; it must carry one. */
    public static Award of(AwardResult result) {
        return new Award(result.packetId(), result.userId(), result.grabId(), result.share(), result.grabbedAtMillis());
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
