package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import io.lettuce.core.cluster.SlotHash;
import java.util.concurrent.TimeUnit;

/** The names of the read model's keys; the package's documentation says what is in them. */
final class Keys {
    static final String PROGRESS = "redpacket:view";

    /** Matches all keys of all generations, and a few others. */
    static final String OF_GENERATIONS = "redpacket:[uv]*:{*";

    private static final String PACKET = "redpacket:view:";
    private static final String USERS = "redpacket:users:";
    private static final String STATS = "redpacket:stats:";

    /**
     * How many sets a day's awards are spread over: few enough that many awards of a batch go into one, many enough that the sets of
     * a day with ten million awards are no trouble to remove.
     */
    private static final int BUCKETS = 128;

    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private Keys() {}

    static byte[] packet(long generation, String packetId) {
        return bytes(PACKET + generation + ":{" + packetId + "}");
    }

    static byte[] users(long generation, int bucket, long dayStartMillis) {
        return bytes(USERS + generation + ":{" + bucket + "}:" + dayStartMillis);
    }

    /** Among how many others a user's awards are: the CRC-16 that also spreads keys over a Redis Cluster tells. */
    static int bucketOf(String userId) {
        return SlotHash.getSlot(userId) % BUCKETS;
    }

    /** Days are those of UTC. */
    static long dayStartMillis(long atMillis) {
        return Math.floorDiv(atMillis, DAY_MILLIS) * DAY_MILLIS;
    }

    static byte[] daysOfUsers(long generation) {
        return bytes(USERS + generation + ":{days}");
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
                && (key.startsWith(PACKET) || key.startsWith(USERS))
                && parts[2].matches("\\d{1,18}")
                && parts[3].startsWith("{");
        return ours ? Long.parseLong(parts[2]) : Long.MAX_VALUE;
    }
}
