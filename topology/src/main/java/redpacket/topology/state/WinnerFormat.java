package redpacket.topology.state;

import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Share;
import redpacket.topology.packet.Winner;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;

/**
 * Winners as bytes, and the keys and values of their runs in the store {@link StateStores#WINNERS}. A run's key is the
 * packet id, a byte 0 (which no packet id contains) and the index of the run's first share.
 */
final class WinnerFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINNERS, 1);
    private static final VarHandle CENTS = byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private WinnerFormat() {}

    /** All winners of a packet stand together, in the order in which they won. */
    static Bytes key(byte[] packetId, int firstShareIndex) {
        byte[] key = new byte[packetId.length + 1 + Integer.BYTES];
        ByteBuffer.wrap(key).put(packetId).put((byte) 0).putInt(firstShareIndex);
        return Bytes.wrap(key);
    }

    /** Sorts after every winner of the packet: the byte after the 0 that ends the packet id. */
    static Bytes afterLastKey(byte[] packetId) {
        byte[] key = new byte[packetId.length + 1];
        ByteBuffer.wrap(key).put(packetId).put((byte) 1);
        return Bytes.wrap(key);
    }

    /** The first bytes of an array that {@link #put} filled. */
    static byte[] value(byte[] winners, int length) {
        return FORMAT.value(length, out -> out.put(winners, 0, length));
    }

    static List<Winner> read(Bytes key, byte[] value) {
        return winners(firstShareIndexOf(key), FORMAT.contentOf(value));
    }

    /** How many winners a run holds. */
    static int count(byte[] value) {
        ByteBuffer in = FORMAT.contentOf(value);
        int count = 0;
        for (; in.hasRemaining(); count++) {
            StoredText.skip(in);
            StoredText.skip(in);
            in.position(in.position() + Long.BYTES);
        }
        return count;
    }

    static int bytesOf(Winner winner) {
        return StoredText.bytesOf(winner.userId()) + StoredText.bytesOf(winner.grabId()) + Long.BYTES;
    }

    /** Writes a winner, {@link #bytesOf} long. */
    static void put(Winner winner, byte[] to, int at) {
        int grabAt = StoredText.put(to, at, winner.userId());
        int centsAt = StoredText.put(to, grabAt, winner.grabId());
        CENTS.set(to, centsAt, winner.share().cents());
    }

    /** Reads winners of successive shares until the buffer ends. */
    static List<Winner> winners(int firstShareIndex, ByteBuffer in) {
        int shareIndex = firstShareIndex;
        List<Winner> winners = new ArrayList<>();
        while (in.hasRemaining()) {
            winners.add(new Winner(StoredText.get(in), StoredText.get(in), new Share(shareIndex++, in.getLong())));
        }
        return winners;
    }

    private static int firstShareIndexOf(Bytes key) {
        byte[] bytes = key.get();
        return ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES);
    }
}
