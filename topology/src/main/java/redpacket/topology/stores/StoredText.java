package redpacket.topology.stores;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;

/**
 * Ids in stores. The contract limits ids to 128 ASCII characters and excludes the byte 0. Each id is written as one
 * byte for its length and its characters; the length 0 stands for null, because no id is empty.
 */
public final class StoredText {
    private StoredText() {}

    public static int bytesOf(String id) {
        return 1 + id.length();
    }

    public static void put(ByteBuffer out, String idOrNull) {
        if (idOrNull == null) {
            out.put((byte) 0);
        } else {
            out.put((byte) idOrNull.length()).put(idOrNull.getBytes(ISO_8859_1));
        }
    }

    /** Returns the index after the id. */
    public static int put(byte[] to, int at, String id) {
        to[at] = (byte) id.length();
        copy(id, to, at + 1);
        return at + 1 + id.length();
    }

    /** The id at the buffer's position; null if null was written. */
    public static String get(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        if (length == 0) {
            return null;
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, ISO_8859_1);
    }

    /** Moves the buffer's position behind an id. */
    public static void skip(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        in.position(in.position() + length);
    }

    /**
     * Writes the characters without a length. Skips the checks of an encoder: this runs several times for each award.
     */
    @SuppressWarnings("deprecation")
    public static void copy(String id, byte[] to, int at) {
        id.getBytes(0, id.length(), to, at);
    }
}
