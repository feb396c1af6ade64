package redpacket.topology.stats;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;

/**
 * Values of the second stage, in the store {@link StateStores#WINDOW_TOTALS}; the keys are those of
 * {@link WindowFormat}.
 */
final class TotalFormat {
    /** Holds the start of the first window that is not closed. One byte, so that it sorts before all windows. */
    static final Bytes FIRST_OPEN_KEY = Bytes.wrap(new byte[1]);

    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINDOW_TOTALS, 2);

    /** The same with fewer counters. */
    private static final StoreFormat FIRST_FORMAT = new StoreFormat(StateStores.WINDOW_TOTALS, 1);

    private static final StoreFormat FIRST_OPEN = new StoreFormat(StateStores.WINDOW_TOTALS + " (first open)", 1);

    private TotalFormat() {}

    static byte[] value(WindowTotal total) {
        return FORMAT.value(2 + Long.BYTES + WindowFormat.COUNTERS_BYTES, out -> {
            out.put((byte) (total.isDirty() ? 1 : 0)).put((byte) (total.isClosed() ? 1 : 0));
            out.putLong(total.revision());
            WindowFormat.put(out, total.counters());
        });
    }

    static WindowTotal read(Bytes windowKey, byte[] value) {
        boolean isFirst = FIRST_FORMAT.isVersionOf(value);
        ByteBuffer in = (isFirst ? FIRST_FORMAT : FORMAT).contentOf(value);
        boolean dirty = in.get() == 1;
        boolean closed = in.get() == 1;
        long revision = in.getLong();
        Counters counters = isFirst ? WindowFormat.getFirst(in) : WindowFormat.get(in);
        return new WindowTotal(windowKey, revision, dirty, closed, counters);
    }

    static byte[] firstOpenValue(long startMillis) {
        return FIRST_OPEN.value(Long.BYTES, out -> out.putLong(startMillis));
    }

    static long readFirstOpen(byte[] value) {
        return FIRST_OPEN.contentOf(value).getLong();
    }
}
