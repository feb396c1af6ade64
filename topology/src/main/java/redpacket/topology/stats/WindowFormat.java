package redpacket.topology.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.topology.stores.StoredText;

/** What the formats of both stages share: the key of a window, and its counters. */
final class WindowFormat {
    static final int COUNTERS_BYTES = 12 * Long.BYTES;

    private WindowFormat() {}

    /** Start, length, what is counted (a campaign, a scope, or nothing): in time order, because starts are never negative. */
    static Bytes key(long startMillis, long windowMillis, String counted) {
        byte[] key = new byte[2 * Long.BYTES + counted.length()];
        ByteBuffer.wrap(key).putLong(startMillis).putLong(windowMillis);
        StoredText.copy(counted, key, 2 * Long.BYTES);
        return Bytes.wrap(key);
    }

    static long startMillisOf(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong();
    }

    static long windowMillisOf(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(Long.BYTES);
    }

    static String countedOf(Bytes key) {
        byte[] bytes = key.get();
        return new String(bytes, 2 * Long.BYTES, bytes.length - 2 * Long.BYTES, ISO_8859_1);
    }

    static void put(ByteBuffer out, Counters counters) {
        out.putLong(counters.grabs())
                .putLong(counters.awarded())
                .putLong(counters.alreadyGrabbed())
                .putLong(counters.soldOut())
                .putLong(counters.expired())
                .putLong(counters.unknownPacket())
                .putLong(counters.repeats())
                .putLong(counters.awardedCents())
                .putLong(counters.packetsOpened())
                .putLong(counters.packetsSoldOut())
                .putLong(counters.packetsExpired())
                .putLong(counters.refundedCents());
    }

    static Counters get(ByteBuffer in) {
        return new Counters(
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
    }
}
