package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Base64;
import java.util.regex.Pattern;
import redpacket.events.AwardResult;
import redpacket.events.Share;

/**
 * An awarded share with its winner, as in the winners of a packet and the awards of a user.
 *
 * @param currency of the packet; null if it names none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Award(String packetId, String userId, String grabId, Share share, long grabbedAtMillis, String currency) {
    /** Digits of a time in milliseconds until the year 2286. Times with this many digits sort as text. */
    private static final int TIME_DIGITS = 13;

    private static final int FIELDS_OF_USER = 8;

    /** Stands for a missing currency before the name of a prize. Currencies are longer. */
    private static final String NO_CURRENCY = "-";

    private static final Pattern PLACE_IN_USER =
            Pattern.compile("\\d{13,19} \\S+ \\d+ \\d+ \\S+( \\S+( .+)?)?", Pattern.DOTALL);

    /** Requires a result with a share. */
    public static Award of(AwardResult result) {
        return new Award(
                result.packetId(),
                result.userId(),
                result.grabId(),
                result.share(),
                result.grabbedAtMillis(),
                result.currency());
    }

    /**
     * The entry in the sorted set of awards, in sort order: user, time of the grab, packet, share index, cents, grab,
     * and {@link #special}.
     */
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
                + grabId
                + special(currency, share.prize());
    }

    static Award ofUser(String entry) {
        String[] fields = entry.split(" ", FIELDS_OF_USER);
        Share share = new Share(Integer.parseInt(fields[3]), Long.parseLong(fields[4]), prizeAt(7, fields));
        return new Award(fields[2], fields[0], fields[5], share, Long.parseLong(fields[1]), currencyAt(6, fields));
    }

    /**
     * The end of an entry: the currency, or {@value #NO_CURRENCY}, and the name of the prize, which may contain spaces.
     * Empty for an award with neither.
     */
    static String special(String currency, String prize) {
        if (currency == null && prize == null) {
            return "";
        }
        return " " + (currency == null ? NO_CURRENCY : currency) + (prize == null ? "" : " " + prize);
    }

    /** The currency in the fields of an entry. Null if there is none. */
    static String currencyAt(int place, String[] fields) {
        return fields.length <= place || fields[place].equals(NO_CURRENCY) ? null : fields[place];
    }

    /** The name of the prize in the fields of an entry. Null if there is none. */
    static String prizeAt(int place, String[] fields) {
        return fields.length <= place ? null : fields[place];
    }

    /** The prefix of a user's entries. No entry of another user has it, because ids contain no space. */
    static String beforeAllOf(String userId) {
        return userId + ' ';
    }

    /** Sorts after all entries of the user and before those of the next user: '!' follows the space. */
    static String afterAllOf(String userId) {
        return userId + '!';
    }

    /** The cursor of this award in its user's awards, for {@link Views#awards}. Safe in URLs. */
    public String cursor() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(placeInUser()));
    }

    /**
     * Returns the entry of the award with this cursor.
     *
     * @throws IllegalArgumentException if the cursor is invalid
     */
    static String entryAt(String userId, String cursor) {
        String placeInUser = Utf8.text(Base64.getUrlDecoder().decode(cursor));
        if (!PLACE_IN_USER.matcher(placeInUser).matches()) {
            throw new IllegalArgumentException("invalid cursor: " + cursor);
        }
        return beforeAllOf(userId) + placeInUser;
    }
}
