package redpacket.topology.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.WinnersKeys;

/** Keys and values of the first stage, in the store {@link StateStores#WINNERS}. */
final class DeltaFormat {
    static final Bytes FIRST_KEY = Bytes.wrap(new byte[] {WinnersKeys.WINDOW_DELTA});
    static final Bytes AFTER_LAST_KEY = Bytes.wrap(new byte[] {WinnersKeys.WINDOW_DELTA, -1});
    static final Bytes OPEN_PACKETS_KEY = Bytes.wrap(new byte[] {WinnersKeys.OPEN_PACKETS});

    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINNERS + " (counters)", 2);

    /** The same with fewer counters. */
    private static final StoreFormat FIRST_FORMAT = new StoreFormat(StateStores.WINNERS + " (counters)", 1);

    private static final StoreFormat OPEN_PACKETS = new StoreFormat(StateStores.WINNERS + " (open packets)", 1);

    private DeltaFormat() {}

    static Bytes key(Bytes windowKey) {
        byte[] window = windowKey.get();
        return Bytes.wrap(ByteBuffer.allocate(1 + window.length)
                .put(WinnersKeys.WINDOW_DELTA)
                .put(window)
                .array());
    }

    static Bytes windowKeyOf(Bytes key) {
        return Bytes.wrap(Arrays.copyOfRange(key.get(), 1, key.get().length));
    }

    static byte[] value(Counters counters) {
        return FORMAT.value(WindowFormat.COUNTERS_BYTES, out -> WindowFormat.put(out, counters));
    }

    static Counters read(byte[] value) {
        return FIRST_FORMAT.isVersionOf(value)
                ? WindowFormat.getFirst(FIRST_FORMAT.contentOf(value))
                : WindowFormat.get(FORMAT.contentOf(value));
    }

    static byte[] openPacketsValue(long openPackets) {
        return OPEN_PACKETS.value(Long.BYTES, out -> out.putLong(openPackets));
    }

    static long readOpenPackets(byte[] value) {
        return OPEN_PACKETS.contentOf(value).getLong();
    }
}
