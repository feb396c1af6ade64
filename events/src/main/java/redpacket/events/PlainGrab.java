package redpacket.events;

/**
 * Reads a grab in the plain form that producers send millions of times: the three ids, in any order, without escapes,
 * and no other field. It leaves every other form to the strict reader of {@link Json}. So it refuses nothing, and the
 * two readers cannot disagree.
 */
final class PlainGrab extends PlainText {
    private static final byte[] GRAB_ID = ascii("\"grabId\"");
    private static final byte[] PACKET_ID = ascii("\"packetId\"");
    private static final byte[] USER_ID = ascii("\"userId\"");

    private PlainGrab(byte[] json) {
        super(json);
    }

    /** The grab; null if the bytes are not a grab in plain form. */
    static Grab read(byte[] json) {
        return new PlainGrab(json).grab();
    }

    private Grab grab() {
        String grabId = null;
        String packetId = null;
        String userId = null;
        char before = '{';
        for (int field = 0; field < 3; field++) {
            if (!takesBesideBlanks(before)) {
                return null;
            } else if (grabId == null && takes(GRAB_ID)) {
                grabId = startsValue() ? foreignId() : null;
            } else if (packetId == null && takes(PACKET_ID)) {
                packetId = startsValue() ? id() : null;
            } else if (userId == null && takes(USER_ID)) {
                userId = startsValue() ? foreignId() : null;
            }
            before = ',';
        }
        boolean complete = grabId != null && packetId != null && userId != null && takesBesideBlanks('}') && isAtEnd();
        return complete ? new Grab(grabId, packetId, userId) : null;
    }

    private boolean startsValue() {
        return takesBesideBlanks(':') && takes('"');
    }

    private boolean takesBesideBlanks(char expected) {
        skipBlanks();
        boolean found = takes(expected);
        skipBlanks();
        return found;
    }
}
