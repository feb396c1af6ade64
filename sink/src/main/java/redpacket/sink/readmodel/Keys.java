package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

/** The names of the read model's keys; the package's documentation says what is in them. */
final class Keys {
    static final String PROGRESS = "redpacket:view";

    /** Matches all keys of all generations, and a few others. */
    static final String OF_GENERATIONS = "redpacket:[uv]*:{*";

    private static final String PACKET = "redpacket:view:";
    private static final String USER = "redpacket:user:";
    private static final String STATS = "redpacket:stats:";

    private Keys() {}

    static byte[] packet(long generation, String packetId) {
        return bytes(PACKET + generation + ":{" + packetId + "}");
    }

    static byte[] winners(long generation, String packetId) {
        return bytes(PACKET + generation + ":{" + packetId + "}:winners");
    }

    static byte[] user(long generation, String userId) {
        return bytes(USER + generation + ":{" + userId + "}:packets");
    }

    static byte[] window(String scope, long windowStartMillis) {
        return bytes(STATS + scope + ":" + windowStartMillis);
    }

    static byte[] windows(String scope) {
        return bytes(STATS + scope + ":windows");
    }

    /** The generation that a key belongs to; {@link Long#MAX_VALUE} if it is no key of the read model. */
    static long generationOf(String key) {
        String[] parts = key.split(":", 4);
        boolean ours = parts.length == 4
                && (key.startsWith(PACKET) || key.startsWith(USER))
                && parts[2].matches("\\d{1,18}")
                && parts[3].startsWith("{");
        return ours ? Long.parseLong(parts[2]) : Long.MAX_VALUE;
    }
}
