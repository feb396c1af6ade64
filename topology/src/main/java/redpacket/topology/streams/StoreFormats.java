package redpacket.topology.streams;

import static java.lang.invoke.MethodHandles.byteArrayViewVarHandle;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.Winner;

/**
 * How keys and values of the stores are written. Every value starts with the version of its format, so that a later
 * release can read what this one wrote. Ids are ASCII by contract and hold no byte 0, which therefore ends a packet id.
 */
final class StoreFormats {
    // Before the winners in their store, as no packet id begins with these bytes.
    private static final byte PAGES = 0;
    private static final byte DELTAS = 1;
    static final Bytes FIRST_DELTA_KEY = Bytes.wrap(new byte[] {DELTAS});
    static final Bytes AFTER_LAST_DELTA_KEY = Bytes.wrap(new byte[] {DELTAS, -1});
    static final Bytes OPEN_PACKETS_KEY = Bytes.wrap(new byte[] {2});

    private static final byte VERSION = 1;
    private static final int SEED_BYTES = 32;
    private static final VarHandle CENTS = byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int COUNTERS_BYTES = 12 * Long.BYTES;

    private StoreFormats() {}

    static Bytes packetKey(String packetId) {
        return Bytes.wrap(packetId.getBytes(ISO_8859_1));
    }

    /** Packet id, 0, index of a share: all winners of a packet stand together, in the order in which they won. */
    static Bytes winnersKey(byte[] packetId, int firstShareIndex) {
        byte[] key = new byte[packetId.length + 1 + Integer.BYTES];
        ByteBuffer.wrap(key).put(packetId).put((byte) 0).putInt(firstShareIndex);
        return Bytes.wrap(key);
    }

    /** Sorts after every winner of the packet: the byte after the 0 that ends the packet id. */
    static Bytes afterLastWinnersKey(byte[] packetId) {
        byte[] key = new byte[packetId.length + 1];
        ByteBuffer.wrap(key).put(packetId).put((byte) 1);
        return Bytes.wrap(key);
    }

    private static int firstShareIndexOf(Bytes winnersKey) {
        byte[] key = winnersKey.get();
        return ByteBuffer.wrap(key).getInt(key.length - Integer.BYTES);
    }

    /** A page of the journal of winners. */
    static Bytes pageKey(long number) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(PAGES).putLong(number).array());
    }

    static long numberOf(Bytes pageKey) {
        return ByteBuffer.wrap(pageKey.get()).getLong(1);
    }

    static byte[] page(ByteBuffer entries) {
        byte[] value = new byte[1 + entries.remaining()];
        entries.get(value, 1, entries.remaining());
        value[0] = VERSION;
        return value;
    }

    /** Packet id, index of the first share, length, winners: those that a packet has gained. */
    static void putEntry(ByteBuffer page, byte[] packetId, int firstShareIndex, byte[] winners, int from, int to) {
        page.put((byte) packetId.length).put(packetId);
        page.putInt(firstShareIndex).putInt(to - from).put(winners, from, to - from);
    }

    /** Tells of each entry, in their order. */
    static void readPage(byte[] value, Consumer<WinnerJournal.Entry> reader) {
        ByteBuffer in = versioned(value);
        while (in.hasRemaining()) {
            String packetId = getText(in);
            int firstShareIndex = in.getInt();
            int length = in.getInt();
            reader.accept(new WinnerJournal.Entry(packetId, firstShareIndex, in.slice(in.position(), length)));
            in.position(in.position() + length);
        }
    }

    static int bytesOf(Winner winner) {
        return 2 + winner.userId().length() + winner.grabId().length() + Long.BYTES;
    }

    /** Writes a winner, {@link #bytesOf} long. */
    static void put(Winner winner, byte[] to, int at) {
        int grabAt = putText(to, at, winner.userId());
        int centsAt = putText(to, grabAt, winner.grabId());
        CENTS.set(to, centsAt, winner.share().cents());
    }

    /** Those who won shares that follow each other, the first of which stands in the key: each as {@link #put} wrote it. */
    static byte[] winners(byte[] run, int length) {
        byte[] value = new byte[1 + length];
        value[0] = VERSION;
        System.arraycopy(run, 0, value, 1, length);
        return value;
    }

    static List<Winner> winners(Bytes key, byte[] value) {
        return winners(firstShareIndexOf(key), versioned(value));
    }

    static List<Winner> winners(int firstShareIndex, ByteBuffer in) {
        int shareIndex = firstShareIndex;
        List<Winner> run = new ArrayList<>();
        while (in.hasRemaining()) {
            run.add(new Winner(getText(in), getText(in), new Share(shareIndex++, in.getLong())));
        }
        return run;
    }

    /** Due time, packet id: in time order, as due times are never negative. */
    static Bytes deadlineKey(long dueMillis, String packetId) {
        byte[] key = new byte[Long.BYTES + packetId.length()];
        ByteBuffer.wrap(key).putLong(dueMillis);
        copyAscii(packetId, key, Long.BYTES);
        return Bytes.wrap(key);
    }

    static long dueOf(Bytes deadlineKey) {
        return ByteBuffer.wrap(deadlineKey.get()).getLong();
    }

    static String packetOf(Bytes deadlineKey) {
        byte[] key = deadlineKey.get();
        return new String(key, Long.BYTES, key.length - Long.BYTES, ISO_8859_1);
    }

    /** Start, length, what is counted (a campaign, a scope, or nothing): in time order, as starts are never negative. */
    static Bytes windowKey(long startMillis, long windowMillis, String counted) {
        byte[] key = new byte[2 * Long.BYTES + counted.length()];
        ByteBuffer.wrap(key).putLong(startMillis).putLong(windowMillis);
        copyAscii(counted, key, 2 * Long.BYTES);
        return Bytes.wrap(key);
    }

    /** Of what one task has counted in a window. */
    static Bytes deltaKey(Bytes windowKey) {
        byte[] key = new byte[1 + windowKey.get().length];
        ByteBuffer.wrap(key).put(DELTAS).put(windowKey.get());
        return Bytes.wrap(key);
    }

    static Bytes windowKeyOf(Bytes deltaKey) {
        return Bytes.wrap(Arrays.copyOfRange(deltaKey.get(), 1, deltaKey.get().length));
    }

    static long windowStartOf(Bytes windowKey) {
        return ByteBuffer.wrap(windowKey.get()).getLong();
    }

    static long windowMillisOf(Bytes windowKey) {
        return ByteBuffer.wrap(windowKey.get()).getLong(Long.BYTES);
    }

    static String countedOf(Bytes windowKey) {
        byte[] key = windowKey.get();
        return new String(key, 2 * Long.BYTES, key.length - 2 * Long.BYTES, ISO_8859_1);
    }

    static byte[] counters(Counters counters) {
        byte[] value = new byte[1 + COUNTERS_BYTES];
        put(ByteBuffer.wrap(value).put(VERSION), counters);
        return value;
    }

    static Counters counters(byte[] value) {
        return getCounters(versioned(value));
    }

    static byte[] total(WindowTotal total) {
        byte[] value = new byte[3 + Long.BYTES + COUNTERS_BYTES];
        ByteBuffer out = ByteBuffer.wrap(value).put(VERSION);
        out.put((byte) (total.isDirty() ? 1 : 0)).put((byte) (total.isClosed() ? 1 : 0));
        put(out.putLong(total.revision()), total.counters());
        return value;
    }

    static WindowTotal total(Bytes windowKey, byte[] value) {
        ByteBuffer in = versioned(value);
        boolean dirty = in.get() == 1;
        boolean closed = in.get() == 1;
        return new WindowTotal(windowKey, in.getLong(), dirty, closed, getCounters(in));
    }

    static byte[] number(long number) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(number).array();
    }

    static long number(byte[] value) {
        return versioned(value).getLong();
    }

    static byte[] packet(StoredPacket stored) {
        Packet packet = stored.packet();
        ByteBuffer out = ByteBuffer.allocate(1024);
        out.put(VERSION);
        putText(out, packet.senderId());
        out.putLong(packet.totalCents()).putInt(packet.shares());
        out.put((byte) (packet.split() == Split.RANDOM ? 0 : 1));
        putText(out, packet.campaign());
        out.putLong(packet.openedAtMillis()).putLong(packet.deadlineMillis());
        out.put(packet.seed().bytes());
        out.put((byte) (stored.isExpired() ? 1 : 0));
        byte[] value = new byte[out.position()];
        out.flip().get(value);
        return value;
    }

    static StoredPacket packet(String packetId, byte[] value) {
        ByteBuffer in = versioned(value);
        String senderId = getText(in);
        long totalCents = in.getLong();
        int shares = in.getInt();
        Split split = in.get() == 0 ? Split.RANDOM : Split.EQUAL;
        String campaign = getText(in);
        long openedAtMillis = in.getLong();
        long deadlineMillis = in.getLong();
        byte[] seed = new byte[SEED_BYTES];
        in.get(seed);
        boolean expired = in.get() == 1;
        Packet packet = new Packet(
                packetId, senderId, totalCents, shares, split, campaign, openedAtMillis, deadlineMillis, Seed.of(seed));
        return new StoredPacket(packet, expired);
    }

    private static void put(ByteBuffer out, Counters counters) {
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

    private static Counters getCounters(ByteBuffer in) {
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

    private static ByteBuffer versioned(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalStateException("the store holds format " + version + ", this release reads " + VERSION
                    + ": it was written by a newer release");
        }
        return in;
    }

    /** One byte for the length, which is at most 128; 0 stands for null, as no id is empty. */
    private static void putText(ByteBuffer out, String id) {
        if (id == null) {
            out.put((byte) 0);
        } else {
            out.put((byte) id.length()).put(id.getBytes(ISO_8859_1));
        }
    }

    private static String getText(ByteBuffer in) {
        int length = Byte.toUnsignedInt(in.get());
        if (length == 0) {
            return null;
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, ISO_8859_1);
    }

    /** Returns where it ends. */
    private static int putText(byte[] to, int at, String id) {
        to[at] = (byte) id.length();
        copyAscii(id, to, at + 1);
        return at + 1 + id.length();
    }

    /** Without the encoder's checks: this runs several times for each award. */
    @SuppressWarnings("deprecation")
    private static void copyAscii(String id, byte[] to, int at) {
        id.getBytes(0, id.length(), to, at);
    }
}
