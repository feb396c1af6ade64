package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.Base64;
import java.util.regex.Pattern;
import redpacket.events.AwardResult;
import redpacket.events.Share;

/** A share and who got it, as it stands among a packet's winners and a user's awards. */
public record Award(String packetId, String userId, String grabId, Share share, long grabbedAtMillis) {
    /** Digits of a time until the year 2286: with as many for each, times sort as text. */
    private static final int TIME_DIGITS = 13;

    private static final int FIELDS_OF_USER = 6;

    private static final Pattern PLACE_IN_USER = Pattern.compile("\\d{13,19} \\S+ \\d+ \\d+ \\S+");

    /** The share that a result carries; it must carry one. */
    public static Award of(AwardResult result) {
        return new Award(result.packetId(), result.userId(), result.grabId(), result.share(), result.grabbedAtMillis());
    }

    /** The entry among users' awards, which sort by it: user, time of the grab, packet, share's index, cents, grab. */
    String entryOfUser() {
        return beforeAllOf(userId) + placeInUser();
    }

    private String placeInUser() {
        String time = Long.toString(grabbedAtMillis);
        return "0".repeat(Math.max(0, TIME_DIGITS - time.length()))
                + time
                + ' '
                + packetId
                + ' '
                + share.index()
                + ' '
                + share.cents()
                + ' '
                + grabId;
    }

    static Award ofUser(String entry) {
        String[] fields = entry.split(" ", FIELDS_OF_USER);
        Share share = new Share(Integer.parseInt(fields[3]), Long.parseLong(fields[4]));
        return new Award(fields[2], fields[0], fields[5], share, Long.parseLong(fields[1]));
    }

    /** A user's entries begin with it; no other user's do, as an id has no space. */
    static String beforeAllOf(String userId) {
        return userId + ' ';
    }

    /** Sorts after a user's entries. */
    static String afterAllOf(String userId) {
        return userId + '!';
    }

    /** Names this award in its user's awards, for {@link Views#awards}; safe in URLs. */
    public String cursor() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(placeInUser()));
    }

    /**
     * Returns the entry in the user's awards.
     *
     * @throws IllegalArgumentException if it is no cursor
     */
    static String entryAt(String userId, String cursor) {
        String placeInUser = Utf8.text(Base64.getUrlDecoder().decode(cursor));
        if (!PLACE_IN_USER.matcher(placeInUser).matches()) {
            throw new IllegalArgumentException("no cursor: " + cursor);
        }
        return beforeAllOf(userId) + placeInUser;
    }
}
