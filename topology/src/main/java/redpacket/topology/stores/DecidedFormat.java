package redpacket.topology.stores;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Bytes;

/** Keys and values in the store {@link StateStores#WINNERS} that tell how far each input is decided. */
final class DecidedFormat {
    private static final StoreFormat FORMAT = new StoreFormat(StateStores.WINNERS + " (decided)", 1);

    /**
     * How far a partition is decided.
     *
     * @param topicId of the topic with the offsets; zero if it is not known
     * @param nextOffset after the last decided record
     */
    record Decided(Uuid topicId, long nextOffset) {}

    private DecidedFormat() {}

    static Bytes key(String topic) {
        byte[] name = topic.getBytes(ISO_8859_1);
        return Bytes.wrap(ByteBuffer.allocate(1 + name.length)
                .put(WinnersKeys.DECIDED)
                .put(name)
                .array());
    }

    static byte[] value(Decided decided) {
        return FORMAT.value(3 * Long.BYTES, out -> out.putLong(decided.topicId().getMostSignificantBits())
                .putLong(decided.topicId().getLeastSignificantBits())
                .putLong(decided.nextOffset()));
    }

    static Decided read(byte[] value) {
        ByteBuffer in = FORMAT.contentOf(value);
        return new Decided(new Uuid(in.getLong(), in.getLong()), in.getLong());
    }
}
