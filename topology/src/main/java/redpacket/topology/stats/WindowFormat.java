package redpacket.topology.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counter;
import redpacket.events.Counters;
import redpacket.topology.stores.StoredText;

/** What the formats of both stages share: the key of a window, and its counters. */
final class WindowFormat {
    private static final Counter[] COUNTERS = Counter.values();

    static final int COUNTERS_BYTES = COUNTERS.length * Long.BYTES;

    /** Counters of the first version of both formats; later ones were added at the end. */
    private static final int FIRST_COUNTERS = 12;

    private WindowFormat() {}

    /**
     * Start, length, what is counted (a campaign, a scope, or nothing): in time order, because starts are never
     * negative.
     */
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

    /** Writes the counters in the order of {@link Counter}. */
    static void put(ByteBuffer out, Counters counters) {
        for (Counter counter : COUNTERS) {
            out.putLong(counter.in(counters));
        }
    }

    static Counters get(ByteBuffer in) {
        return Counters.of(counter -> in.getLong());
    }

    /** Reads the counters of the first version. */
    @SuppressWarnings("EnumOrdinal") // the order in which they were written
    static Counters getFirst(ByteBuffer in) {
        return Counters.of(counter -> counter.ordinal() < FIRST_COUNTERS ? in.getLong() : 0);
    }
}
