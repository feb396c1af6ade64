package redpacket.topology.winners;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The latest winners of all packets of a task, in the order in which they won: a write-ahead log in pages. With it a
 * commit writes a few records, however many packets have gained a winner.
 */
final class WinnerJournal {
    /** A page with its key fits into a batch of the producer. */
    private static final int PAGE_BYTES = 60_000;

    /** More than the longest entry: a run of winners with the longest ids. */
    private static final int ENTRY_BYTES = 70_000;

    private final KeyValueStore<Bytes, byte[]> store;
    private final ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES + ENTRY_BYTES);
    private long firstPage;
    private long endPage;
    private long bytes;

    /**
     * Successive winners that a packet has gained.
     *
     * @param winners as {@link WinnerFormat#winners} reads them; empty if the packet was forgotten, which cancels all
     *     earlier entries of the packet
     */
    record Entry(String packetId, int firstShareIndex, ByteBuffer winners) {}

    /**
     * Opens the journal at its end.
     *
     * @param recovered gets each entry of the journal, the oldest first
     */
    WinnerJournal(KeyValueStore<Bytes, byte[]> store, Consumer<Entry> recovered) {
        this.store = store;
        try (KeyValueIterator<Bytes, byte[]> pages =
                store.range(JournalFormat.key(0), JournalFormat.key(Long.MAX_VALUE))) {
            while (pages.hasNext()) {
                KeyValue<Bytes, byte[]> stored = pages.next();
                long number = JournalFormat.pageOf(stored.key);
                firstPage = endPage == 0 ? number : firstPage;
                endPage = number + 1;
                bytes += stored.value.length;
                JournalFormat.read(stored.value, recovered);
            }
        }
    }

    /** Adds an entry with the winners in a part of an array, as {@link WinnerFormat#put} wrote them. */
    void add(byte[] packetId, int firstShareIndex, byte[] winners, int from, int to) {
        if (page.position() > PAGE_BYTES - (to - from)) {
            write();
        }
        JournalFormat.put(page, packetId, firstShareIndex, winners, from, to);
    }

    void forget(byte[] packetId) {
        add(packetId, 0, new byte[0], 0, 0);
    }

    /** Writes the entries that are in no page yet. */
    void write() {
        if (page.position() > 0) {
            byte[] value = JournalFormat.value(page.flip());
            store.put(JournalFormat.key(endPage++), value);
            bytes += value.length;
            page.clear();
        }
    }

    /** The number of the next page. */
    long endPage() {
        return endPage;
    }

    /** The bytes of all pages. */
    long bytes() {
        return bytes;
    }

    /** Removes the pages before this one. */
    void removeBefore(long number) {
        while (firstPage < number) {
            bytes -= store.delete(JournalFormat.key(firstPage++)).length;
        }
    }
}
