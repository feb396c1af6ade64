package redpacket.topology.winners;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;
import redpacket.topology.stores.WinnersKeys;

/** Keys and values of the journal in the store {@link StateStores#WINNERS}: pages of entries. */
final class JournalFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINNERS + " (journal)", 1);

    private JournalFormat() {}

    static Bytes key(long page) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES)
                .put(WinnersKeys.JOURNAL_PAGE)
                .putLong(page)
                .array());
    }

    static long pageOf(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong(1);
    }

    static byte[] value(ByteBuffer entries) {
        return FORMAT.value(entries.remaining(), out -> out.put(entries));
    }

    /** Reads each entry in order. */
    static void read(byte[] value, Consumer<WinnerJournal.Entry> reader) {
        ByteBuffer in = FORMAT.contentOf(value);
        while (in.hasRemaining()) {
            String packetId = StoredText.get(in);
            int firstShareIndex = in.getInt();
            int length = in.getInt();
            reader.accept(new WinnerJournal.Entry(packetId, firstShareIndex, in.slice(in.position(), length)));
            in.position(in.position() + length);
        }
    }

    /**
     * Appends an entry: packet id, index of the first share, length, and winners as {@link WinnerFormat#put} wrote
     * them.
     */
    static void put(ByteBuffer page, byte[] packetId, int firstShareIndex, byte[] winners, int from, int to) {
        page.put((byte) packetId.length).put(packetId);
        page.putInt(firstShareIndex).putInt(to - from).put(winners, from, to - from);
    }
}
