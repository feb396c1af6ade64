package redpacket.topology.winners;

import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Limits;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;

/**
 * Winners as bytes, and the keys and values of their runs in the store {@link StateStores#WINNERS}. A run's key is the
 * packet id, a byte 0 (which no packet id contains) and the index of the run's first share. A run's value begins with
 * the tally of the packet's winners up to the last one of the run: their number, their cents, and the luckiest one.
 */
final class WinnerFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINNERS, 2);

    /** The same without a tally. */
    private static final StoreFormat FIRST_FORMAT = new StoreFormat(StateStores.WINNERS, 1);

    /** Of {@link Limits#MAX_TOTAL_CENTS}, all of whose bits are set. The numbers of 1,000 prizes need 10 bits more. */
    private static final int CENTS_BITS = 53;

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

    /**
     * A run.
     *
     * @param tally of the packet's winners up to the last one of the run, at least one
     * @param winners the first bytes of an array that {@link #put} filled
     */
    static byte[] value(Tally tally, byte[] winners, int length) {
        Luckiest luckiest = tally.luckiest();
        int tallyBytes = 2 * Integer.BYTES + 2 * Long.BYTES + StoredText.bytesOf(luckiest.userId());
        return FORMAT.value(tallyBytes + length, out -> {
            out.putInt(tally.awardedShares()).putLong(tally.awardedCents());
            StoredText.put(out, luckiest.userId());
            out.putInt(luckiest.share().index()).putLong(packed(luckiest.share().cents(), tally.luckiestPrize()));
            out.put(winners, 0, length);
        });
    }

    static List<Winner> read(Bytes key, byte[] value) {
        return winners(firstShareIndexOf(key), winnersOf(value));
    }

    /** The tally of a packet's winners up to the last one of a run; null in a run that an older release wrote. */
    static Tally tallyOf(byte[] value) {
        if (isFirstFormat(value)) {
            return null;
        }
        ByteBuffer in = FORMAT.contentOf(value);
        int awardedShares = in.getInt();
        long awardedCents = in.getLong();
        String userId = StoredText.get(in);
        int index = in.getInt();
        long packed = in.getLong();
        Luckiest luckiest = new Luckiest(userId, new Share(index, centsOf(packed)));
        return Tally.of(awardedShares, awardedCents, luckiest, prizeOf(packed));
    }

    /** How many winners a run holds. */
    static int count(byte[] value) {
        ByteBuffer in = winnersOf(value);
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
        CENTS.set(to, centsAt, packed(winner.share().cents(), winner.prize()));
    }

    /** Reads winners of successive shares until the buffer ends. */
    static List<Winner> winners(int firstShareIndex, ByteBuffer in) {
        int shareIndex = firstShareIndex;
        List<Winner> winners = new ArrayList<>();
        while (in.hasRemaining()) {
            String userId = StoredText.get(in);
            String grabId = StoredText.get(in);
            long packed = in.getLong();
            Share share = new Share(shareIndex++, centsOf(packed));
            winners.add(new Winner(userId, grabId, share, prizeOf(packed)));
        }
        return winners;
    }

    /** Cents with the number of a prize in the bits above them. Without prizes these are the cents. */
    private static long packed(long cents, int prize) {
        return cents | (long) prize << CENTS_BITS;
    }

    private static long centsOf(long packed) {
        return packed & Limits.MAX_TOTAL_CENTS;
    }

    private static int prizeOf(long packed) {
        return (int) (packed >>> CENTS_BITS);
    }

    private static ByteBuffer winnersOf(byte[] value) {
        if (isFirstFormat(value)) {
            return FIRST_FORMAT.contentOf(value);
        }
        ByteBuffer in = FORMAT.contentOf(value);
        in.position(in.position() + Integer.BYTES + Long.BYTES);
        StoredText.skip(in);
        return in.position(in.position() + Integer.BYTES + Long.BYTES);
    }

    private static boolean isFirstFormat(byte[] value) {
        return FIRST_FORMAT.isVersionOf(value);
    }

    private static int firstShareIndexOf(Bytes key) {
        byte[] bytes = key.get();
        return ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES);
    }
}
