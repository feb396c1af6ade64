package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Counters;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.Tally;
import redpacket.topology.packet.Winner;

/**
 * How keys and values of the stores are written. Every value starts with the version of its format, so that a later
 * release can read what this one wrote. Ids are ASCII by contract and hold no byte 0, which therefore ends a packet id.
 */
final class StoreFormats {
    private static final byte VERSION = 1;
    private static final int SEED_BYTES = 32;
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

    /**
     * Winners one after another.
     *
     * @param run who won shares that follow each other; the first of them stands in the key
     */
    static byte[] winners(List<Winner> run) {
        int length = 1;
        for (Winner winner : run) {
            length += 2 + winner.userId().length() + winner.grabId().length() + Long.BYTES;
        }
        byte[] value = new byte[length];
        ByteBuffer out = ByteBuffer.wrap(value).put(VERSION);
        for (Winner winner : run) {
            putText(out, winner.userId());
            putText(out, winner.grabId());
            out.putLong(winner.share().cents());
        }
        return value;
    }

    static List<Winner> winners(Bytes key, byte[] value) {
        int shareIndex = ByteBuffer.wrap(key.get()).getInt(key.get().length - Integer.BYTES);
        ByteBuffer in = versioned(value);
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

    static byte[] time(long millis) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(VERSION).putLong(millis).array();
    }

    static long time(byte[] value) {
        return versioned(value).getLong();
    }

    static byte[] packet(StoredPacket stored) {
        Packet packet = stored.packet();
        Tally tally = stored.closing();
        ByteBuffer out = ByteBuffer.allocate(1024);
        out.put(VERSION);
        putText(out, packet.senderId());
        out.putLong(packet.totalCents()).putInt(packet.shares());
        out.put((byte) (packet.split() == Split.RANDOM ? 0 : 1));
        putText(out, packet.campaign());
        out.putLong(packet.openedAtMillis()).putLong(packet.deadlineMillis());
        out.put(packet.seed().bytes());
        out.put((byte) (tally == null ? 0 : 1));
        if (tally != null) {
            out.putInt(tally.awardedShares()).putLong(tally.awardedCents());
            if (tally.luckiest() != null) {
                putText(out, tally.luckiest().userId());
                out.putInt(tally.luckiest().share().index())
                        .putLong(tally.luckiest().share().cents());
            }
        }
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
        boolean closed = in.get() == 1;
        Packet packet = new Packet(
                packetId, senderId, totalCents, shares, split, campaign, openedAtMillis, deadlineMillis, Seed.of(seed));
        return new StoredPacket(packet, closed ? tally(in) : null);
    }

    private static Tally tally(ByteBuffer in) {
        int awardedShares = in.getInt();
        long awardedCents = in.getLong();
        Luckiest luckiest = in.hasRemaining() ? new Luckiest(getText(in), new Share(in.getInt(), in.getLong())) : null;
        return new Tally(awardedShares, awardedCents, luckiest);
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

    /** Without the encoder's checks: this runs several times for each award. */
    @SuppressWarnings("deprecation")
    private static void copyAscii(String id, byte[] to, int at) {
        id.getBytes(0, id.length(), to, at);
    }
}
