package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;

/** Keys and values of the store {@link StateStores#PACKETS}. */
final class PacketFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.PACKETS, 1);
    private static final int MOST_BYTES = 1024;

    private PacketFormat() {}

    static Bytes key(String packetId) {
        return Bytes.wrap(packetId.getBytes(ISO_8859_1));
    }

    static byte[] value(PacketStore.Stored stored) {
        return FORMAT.value(MOST_BYTES, out -> put(out, stored.packet(), stored.isExpired()));
    }

    private static void put(ByteBuffer out, Packet packet, boolean expired) {
        StoredText.put(out, packet.senderId());
        out.putLong(packet.totalCents()).putInt(packet.shares());
        out.put(codeOf(packet.split()));
        StoredText.put(out, packet.campaign());
        out.putLong(packet.openedAtMillis()).putLong(packet.deadlineMillis());
        out.put(packet.seed().bytes());
        out.put((byte) (expired ? 1 : 0));
    }

    static PacketStore.Stored read(String packetId, byte[] value) {
        ByteBuffer in = FORMAT.contentOf(value);
        String senderId = StoredText.get(in);
        long totalCents = in.getLong();
        int shares = in.getInt();
        Split split = splitOf(in.get());
        String campaign = StoredText.get(in);
        long openedAtMillis = in.getLong();
        long deadlineMillis = in.getLong();
        byte[] seed = new byte[Seed.BYTES];
        in.get(seed);
        boolean expired = in.get() == 1;
        Packet packet = new Packet(
                packetId, senderId, totalCents, shares, split, campaign, openedAtMillis, deadlineMillis, Seed.of(seed));
        return new PacketStore.Stored(packet, expired);
    }

    private static byte codeOf(Split split) {
        return switch (split) {
            case RANDOM -> 0;
            case EQUAL -> 1;
            case PRIZES -> 2;
        };
    }

    private static Split splitOf(byte code) {
        for (Split split : Split.values()) {
            if (codeOf(split) == code) {
                return split;
            }
        }
        throw new IllegalStateException(
                "The store " + StateStores.PACKETS + " holds a split with the unknown code " + code);
    }
}
