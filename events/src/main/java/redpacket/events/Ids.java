package redpacket.events;

/**
 * The rules for ids. An id has 1 to {@value Limits#MAX_ID_LENGTH} characters.
 *
 * <ul>
 *   <li>Ids of packets and campaigns consist of {@code A-Z a-z 0-9 . _ : -}, so that they are safe in keys and URLs.
 *   <li>Ids of users, senders and grabs come from other systems, such as identity providers. They consist of printable
 *       ASCII characters, without the blank, the quote and the backslash. So JSON needs no escapes for them, and a
 *       blank can separate them. URLs have to encode them.
 * </ul>
 */
public final class Ids {
    /** Tables for speed: each character of each id is checked several times for each grab. */
    static final boolean[] OWN = new boolean[128];

    static final boolean[] FOREIGN = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-"
                .chars()
                .forEach(c -> OWN[c] = true);
        for (char c = '!'; c <= '~'; c++) {
            FOREIGN[c] = c != '"' && c != '\\';
        }
    }

    private Ids() {}

    /**
     * Returns the id of a packet or a campaign.
     *
     * @param field the name of the field, for the message
     * @throws InvalidEventException if the id is missing or breaks the rule; the message gives the reason
     */
    public static String required(String field, String id) {
        return required(field, id, OWN, "A-Z a-z 0-9 . _ : -");
    }

    /**
     * Returns the id of a user, a sender or a grab.
     *
     * @param field the name of the field, for the message
     * @throws InvalidEventException if the id is missing or breaks the rule; the message gives the reason
     */
    public static String foreign(String field, String id) {
        return required(field, id, FOREIGN, "printable ASCII characters except the blank, \" and \\");
    }

    private static String required(String field, String id, boolean[] alphabet, String inWords) {
        if (id == null) {
            throw new InvalidEventException(field + " is missing");
        }
        if (id.isEmpty() || id.length() > Limits.MAX_ID_LENGTH) {
            throw new InvalidEventException(
                    field + " has " + id.length() + " characters; 1 to " + Limits.MAX_ID_LENGTH + " are allowed");
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c >= alphabet.length || !alphabet[c]) {
                throw new InvalidEventException(field + " has the character U+" + String.format("%04X", (int) c)
                        + " at position " + i + "; allowed are " + inWords);
            }
        }
        return id;
    }

    static String optional(String field, String id) {
        return id == null ? null : required(field, id);
    }
}
