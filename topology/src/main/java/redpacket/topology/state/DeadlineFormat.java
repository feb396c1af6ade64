package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;
import redpacket.topology.stores.StateStores;
import redpacket.topology.stores.StoreFormat;
import redpacket.topology.stores.StoredText;

/** Keys and values of the store {@link StateStores#DEADLINES}. */
final class DeadlineFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.DEADLINES, 1);

    /** What is due for a packet. */
    enum Due {
        CLOSE('c'),
        FORGET('f'),
        /** The packet starts soon. */
        PREPARE('p');

        private final byte code;

        Due(char code) {
            this.code = (byte) code;
        }
    }

    private DeadlineFormat() {}

    /** Due time, packet id: in time order, because due times are never negative. */
    static Bytes key(long dueMillis, String packetId) {
        byte[] key = new byte[Long.BYTES + packetId.length()];
        ByteBuffer.wrap(key).putLong(dueMillis);
        StoredText.copy(packetId, key, Long.BYTES);
        return Bytes.wrap(key);
    }

    static long dueMillisOf(Bytes key) {
        return ByteBuffer.wrap(key.get()).getLong();
    }

    static String packetIdOf(Bytes key) {
        byte[] bytes = key.get();
        return new String(bytes, Long.BYTES, bytes.length - Long.BYTES, ISO_8859_1);
    }

    static byte[] value(Due due) {
        return FORMAT.value(1, out -> out.put(due.code));
    }

    static Due read(byte[] value) {
        byte code = FORMAT.contentOf(value).get();
        for (Due due : Due.values()) {
            if (due.code == code) {
                return due;
            }
        }
        throw new IllegalStateException(
                "The store " + StateStores.DEADLINES + " holds an entry of the unknown kind " + code);
    }
}
