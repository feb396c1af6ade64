package redpacket.events;

import java.math.BigInteger;

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

    /** Text for people, in any script: 1 to so many code points, no control characters. */
    static String text(String field, String text, int mostCharacters) {
        required(field, text);
        // Code points, because a reader in another language counts neither UTF-16 nor bytes.
        int characters = text.codePointCount(0, text.length());
        if (characters < 1 || characters > mostCharacters) {
            throw new InvalidEventException(
                    field + " has " + characters + " characters; 1 to " + mostCharacters + " are allowed");
        }
        text.codePoints().filter(Fields::isNoText).findFirst().ifPresent(c -> {
            throw new InvalidEventException(field + " has the character U+" + String.format("%04X", c)
                    + "; control characters and halves of surrogate pairs are not allowed");
        });
        return text;
    }

    static String optionalText(String field, String text, int mostCharacters) {
        return text == null ? null : text(field, text, mostCharacters);
    }

    static String optionalCurrency(String currency) {
        if (currency != null && !isCurrency(currency)) {
            throw new InvalidEventException("currency is neither three capital letters, as in ISO 4217, nor a name of"
                    + " points: a letter and 3 to 31 of A-Z a-z 0-9 . _ -");
        }
        return currency;
    }

    /** By hand, because results carry currencies. */
    static boolean isCurrency(String text) {
        int length = text.length();
        boolean hasLength = length >= 3 && length <= Limits.MAX_CURRENCY_LENGTH;
        for (int i = 0; hasLength && i < length; i++) {
            char c = text.charAt(i);
            boolean isCapital = c >= 'A' && c <= 'Z';
            boolean isLetter = isCapital || (c >= 'a' && c <= 'z');
            boolean isOther = (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
            if (length == 3 ? !isCapital : !isLetter && !(isOther && i > 0)) {
                return false;
            }
        }
        return hasLength;
    }

    /** The number, or the nearest one that a long can hold. */
    static long nearestLong(BigInteger number) {
        return nearest(Long.MIN_VALUE, Long.MAX_VALUE, number);
    }

    /** The number, or the nearest one that an int can hold. */
    static int nearestInt(BigInteger number) {
        return (int) nearest(Integer.MIN_VALUE, Integer.MAX_VALUE, number);
    }

    private static long nearest(long least, long most, BigInteger number) {
        return number.max(BigInteger.valueOf(least))
                .min(BigInteger.valueOf(most))
                .longValue();
    }

    private static boolean isNoText(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL || type == Character.SURROGATE;
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
