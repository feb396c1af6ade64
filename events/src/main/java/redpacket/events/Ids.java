package redpacket.events;

/**
 * The rule for all ids: 1 to {@value Limits#MAX_ID_LENGTH} characters of {@code A-Z a-z 0-9 . _ : -}, so that an id is
 * safe in keys and URLs.
 */
public final class Ids {
    /** A table for speed: each character of each id is checked several times for each grab. */
    private static final boolean[] ALLOWED = new boolean[128];

    static {
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-"
                .chars()
                .forEach(c -> ALLOWED[c] = true);
    }

    private Ids() {}

    /**
     * Returns the id.
     *
     * @param field the name of the field, for the message
     * @throws InvalidEventException if the id is missing or breaks the rule; the message gives the reason
     */
    public static String required(String field, String id) {
        if (id == null) {
            throw new InvalidEventException(field + " is missing");
        }
        if (id.isEmpty() || id.length() > Limits.MAX_ID_LENGTH) {
            throw new InvalidEventException(
                    field + " has " + id.length() + " characters; 1 to " + Limits.MAX_ID_LENGTH + " are allowed");
        }
        for (int i = 0; i < id.length(); i++) {
            if (!isAllowed(id.charAt(i))) {
                throw new InvalidEventException(
                        field + " has the character U+" + String.format("%04X", (int) id.charAt(i)) + " at position "
                                + i + "; allowed are A-Z a-z 0-9 . _ : -");
            }
        }
        return id;
    }

    static String optional(String field, String id) {
        return id == null ? null : required(field, id);
    }

    static boolean isAllowed(int character) {
        return character >= 0 && character < ALLOWED.length && ALLOWED[character];
    }
}
