package redpacket.events;

import java.util.regex.Pattern;

/** Rules for fields that are not ids; each throws {@link InvalidEventException} with the field's name. */
final class Fields {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private Fields() {}

    static <T> T required(String field, T value) {
        if (value == null) {
            throw new InvalidEventException(field + " is missing");
        }
        return value;
    }

    static void atLeast(long least, String field, long value) {
        if (value < least) {
            throw new InvalidEventException(field + " is " + value + "; the least is " + least);
        }
    }

    /** 32 bytes in lower-case hex. */
    static void sha256(String field, String hex) {
        if (!SHA_256.matcher(required(field, hex)).matches()) {
            throw new InvalidEventException(field + " is not 64 lower-case hexadecimal digits");
        }
    }
}
