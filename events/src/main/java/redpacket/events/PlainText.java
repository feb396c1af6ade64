package redpacket.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/** Reads JSON in plain form from left to right. Each method reads what it expects, or leaves the position as it is. */
abstract class PlainText {
    /** Digits of the largest long. A larger number with this many digits becomes negative. */
    private static final int MAX_DIGITS = 19;

    private final byte[] json;
    private int at;

    PlainText(byte[] json) {
        this.json = json;
    }

    final boolean takes(char expected) {
        boolean found = at < json.length && json[at] == expected;
        if (found) {
            at++;
        }
        return found;
    }

    final boolean takes(byte[] expected) {
        int end = at + expected.length;
        boolean found = end <= json.length && Arrays.equals(json, at, end, expected, 0, expected.length);
        if (found) {
            at = end;
        }
        return found;
    }

    /** Reads the id of a packet or a campaign and the quote after it; null if no such id follows. */
    final String id() {
        return id(Ids.OWN);
    }

    /** Reads the id of a user or a grab and the quote after it; null if no such id follows. */
    final String foreignId() {
        return id(Ids.FOREIGN);
    }

    private String id(boolean[] alphabet) {
        // Local variables for speed: a field would be written at every character.
        byte[] text = json;
        int start = at;
        int end = start;
        while (end < text.length && text[end] >= 0 && alphabet[text[end]]) {
            end++;
        }
        at = end;
        int length = end - start;
        boolean good = length >= 1 && length <= Limits.MAX_ID_LENGTH && takes('"');
        return good ? new String(json, start, length, ISO_8859_1) : null;
    }

    /** Reads a number of at least 0; negative if no such number follows. */
    final long number() {
        int start = at;
        long number = 0;
        while (at < json.length && json[at] >= '0' && json[at] <= '9') {
            number = 10 * number + json[at++] - '0';
        }
        int digits = at - start;
        boolean good = digits >= 1 && digits <= MAX_DIGITS && (json[start] != '0' || digits == 1);
        return good ? number : -1;
    }

    final void skipBlanks() {
        while (at < json.length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
    }

    final boolean isAtEnd() {
        return at == json.length;
    }

    static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
