package redpacket.events;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Reads a grab that is written plainly: the three ids, in any order, without escapes, and nothing besides. That is what producers
 * send, millions of times. Anything else is left to the strict reader of {@link Json}, so the two cannot disagree on what is
 * good, nor can this one refuse anything.
 */
final class PlainGrab {
    private static final byte[] GRAB_ID = "\"grabId\"".getBytes(ISO_8859_1);
    private static final byte[] PACKET_ID = "\"packetId\"".getBytes(ISO_8859_1);
    private static final byte[] USER_ID = "\"userId\"".getBytes(ISO_8859_1);

    private final byte[] json;
    private int at;

    private PlainGrab(byte[] json) {
        this.json = json;
    }

    /** The grab, or null if this is none or is not plain. */
    static Grab read(byte[] json) {
        return new PlainGrab(json).grab();
    }

    private Grab grab() {
        String grabId = null;
        String packetId = null;
        String userId = null;
        char before = '{';
        for (int field = 0; field < 3; field++) {
            if (!takes(before)) {
                return null;
            } else if (grabId == null && takes(GRAB_ID)) {
                grabId = id();
            } else if (packetId == null && takes(PACKET_ID)) {
                packetId = id();
            } else if (userId == null && takes(USER_ID)) {
                userId = id();
            }
            before = ',';
        }
        boolean complete = grabId != null && packetId != null && userId != null && takes('}') && isAtEnd();
        return complete ? new Grab(grabId, packetId, userId) : null;
    }

    /** Null if what follows is no id. */
    private String id() {
        if (!takes(':') || !takes('"')) {
            return null;
        }
        int start = at;
        while (at < json.length && Ids.isAllowed(json[at])) {
            at++;
        }
        int length = at - start;
        boolean good = length >= 1 && length <= Ids.MAX_LENGTH && at < json.length && json[at++] == '"';
        return good ? new String(json, start, length, ISO_8859_1) : null;
    }

    private boolean takes(char expected) {
        skipBlanks();
        boolean found = at < json.length && json[at] == expected;
        if (found) {
            at++;
        }
        return found;
    }

    private boolean takes(byte[] expected) {
        skipBlanks();
        if (json.length - at < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (json[at + i] != expected[i]) {
                return false;
            }
        }
        at += expected.length;
        return true;
    }

    private boolean isAtEnd() {
        skipBlanks();
        return at == json.length;
    }

    private void skipBlanks() {
        while (at < json.length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
    }
}
