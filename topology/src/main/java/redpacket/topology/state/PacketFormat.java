package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Seed;
import redpacket.topology.packet.SpecialTerms;
import redpacket.topology.packet.Status;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;

/** Keys and values of the store {@link StateStores#PACKETS}. */
final class PacketFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.PACKETS, 2);

    /** The same without special terms, and with one byte that says whether the packet has expired. */
    private static final StoreFormat FIRST_FORMAT = new StoreFormat(StateStores.PACKETS, 1);

    private static final int MOST_BYTES = 1024;

    private PacketFormat() {}

    static Bytes key(String packetId) {
        return Bytes.wrap(packetId.getBytes(ISO_8859_1));
    }

    static byte[] value(PacketStore.Stored stored) {
        byte[] special = StoredSpecialTerms.bytes(stored.packet().special());
        return FORMAT.value(MOST_BYTES + special.length, out -> {
            put(out, stored.packet());
            out.put(codeOf(stored.status())).put(special);
        });
    }

    private static void put(ByteBuffer out, Packet packet) {
        StoredText.put(out, packet.senderId());
        out.putLong(packet.totalCents()).putInt(packet.shares());
        out.put(codeOf(packet.split()));
        StoredText.put(out, packet.campaign());
        out.putLong(packet.openedAtMillis()).putLong(packet.deadlineMillis());
        out.put(packet.seed().bytes());
    }

    static PacketStore.Stored read(String packetId, byte[] value) {
        boolean isFirst = FIRST_FORMAT.isVersionOf(value);
        ByteBuffer in = (isFirst ? FIRST_FORMAT : FORMAT).contentOf(value);
        String senderId = StoredText.get(in);
        long totalCents = in.getLong();
        int shares = in.getInt();
        Split split = splitOf(in.get());
        String campaign = StoredText.get(in);
        long openedAtMillis = in.getLong();
        long deadlineMillis = in.getLong();
        byte[] seed = new byte[Seed.BYTES];
        in.get(seed);
        // The codes of the first version mean the same.
        Status status = statusOf(in.get());
        SpecialTerms special = isFirst ? SpecialTerms.NONE : StoredSpecialTerms.read(in);
        Packet packet = new Packet(
                packetId,
                senderId,
                totalCents,
                shares,
                split,
                campaign,
                openedAtMillis,
                deadlineMillis,
                Seed.of(seed),
                special);
        return new PacketStore.Stored(packet, status);
    }

    private static byte codeOf(Status status) {
        return switch (status) {
            case OPEN -> 0;
            case EXPIRED -> 1;
            case CANCELLED -> 2;
        };
    }

    private static Status statusOf(byte code) {
        for (Status status : Status.values()) {
            if (codeOf(status) == code) {
                return status;
            }
        }
        throw new IllegalStateException(
                "The store " + StateStores.PACKETS + " holds a status with the unknown code " + code);
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
