package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The names of the keys of the read model. The package documentation describes their content. */
final class Keys {
    static final String PROGRESS = "redpacket:view";

    /** A pattern for the keys of all generations. It also matches a few other keys. */
    static final String OF_GENERATIONS = "redpacket:[uvw]*:{*";

    private static final String PACKET = "redpacket:view:";
    private static final String WINNERS = "redpacket:winners:";
    private static final String USERS = "redpacket:users:";
    private static final String STATS = "redpacket:stats:";

    /**
     * Number of keys for the awards of a day. Few enough that one command writes many awards of a batch, many enough
     * that Redis deletes the keys of a day with ten million awards without a long pause.
     */
    static final int BUCKETS = 128;

    /** Twice the days on which a packet can be open. */
    static final int MOST_DAYS = 64;

    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);

    private Keys() {}

    static byte[] packet(long generation, String packetId) {
        return bytes(PACKET + generation + ":{" + packetId + "}");
    }

    static byte[] winners(long generation, int bucket, long dayStartMillis) {
        return ofDay(WINNERS, generation, bucket, dayStartMillis);
    }

    /**
     * The keys of a bucket for the days between two times, newest first. They contain the winners of that period. It is
     * at most {@link #MOST_DAYS} long, because a grab that a wrong clock has dated may be thousands of days away.
     */
    static List<byte[]> winners(long generation, int bucket, long fromMillis, long toMillis) {
        List<byte[]> days = new ArrayList<>();
        long firstDay = Math.max(dayStartMillis(fromMillis), dayStartMillis(toMillis) - (MOST_DAYS - 1) * DAY_MILLIS);
        for (long day = dayStartMillis(toMillis); day >= firstDay; day -= DAY_MILLIS) {
            days.add(winners(generation, bucket, day));
        }
        return days;
    }

    /** The field of a packet's winner. Packet ids contain no slash. */
    static String winner(String packetId, long index) {
        return packetId + '/' + index;
    }

    static byte[] users(long generation, int bucket, long dayStartMillis) {
        return ofDay(USERS, generation, bucket, dayStartMillis);
    }

    private static byte[] ofDay(String prefix, long generation, int bucket, long dayStartMillis) {
        return bytes(prefix + generation + ":{" + bucket + "}:" + dayStartMillis);
    }

    /**
     * The bucket of a packet's winners or a user's awards: the CRC-16 of Redis Cluster, modulo the number of buckets.
     */
    static int bucketOf(String id) {
        return SlotHash.getSlot(id) % BUCKETS;
    }

    /** The start of the day in UTC. */
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

    /** The generation of a key. {@link Long#MAX_VALUE} for a key outside the read model. */
    static long generationOf(String key) {
        String[] parts = key.split(":", 4);
        boolean ours = parts.length == 4
                && (key.startsWith(PACKET) || key.startsWith(WINNERS) || key.startsWith(USERS))
                && parts[2].matches("\\d{1,18}")
                && parts[3].startsWith("{");
        return ours ? Long.parseLong(parts[2]) : Long.MAX_VALUE;
    }
}
