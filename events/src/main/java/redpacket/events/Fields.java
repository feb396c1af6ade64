package redpacket.events;

/** Rules for fields that are not ids. Each rule throws {@link InvalidEventException} with the name of the field. */
final class Fields {
    private Fields() {}

    static <T> T required(String field, T value) {
        if (value == null) {
            throw new InvalidEventException(field + " is missing");
        }
        return value;
    }

    static void atLeast(long minimum, String field, long value) {
        if (value < minimum) {
            throw new InvalidEventException(field + " is " + value + "; the minimum is " + minimum);
        }
    }

    /** 32 bytes in lower-case hex. */
    static void sha256(String field, String hex) {
        boolean matches = required(field, hex).length() == 64;
        for (int i = 0; matches && i < hex.length(); i++) {
            char digit = hex.charAt(i);
            matches = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        }
        if (!matches) {
            throw new InvalidEventException(field + " is not 64 lower-case hexadecimal digits");
        }
    }
}
