package redpacket.topology.stores;

import static org.apache.kafka.common.serialization.Serdes.ByteArray;
import static org.apache.kafka.streams.state.Stores.keyValueStoreBuilder;
import static org.apache.kafka.streams.state.Stores.persistentKeyValueStore;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** The names of the stores, which are public because changelog topics carry them, and how a store is built. */
public final class StateStores {
    /** Packet id to terms and seed. Written when a packet opens and when it expires. */
    public static final String PACKETS = "packets";

    /**
     * Everything that a grab changes, so that a commit adds one changelog to its transaction: runs of winners, the
     * journal of the latest winners, the counters that were not sent yet, and how far the input is decided. {@link
     * WinnersKeys} divides the keys among them.
     */
    public static final String WINNERS = "winners";

    /** Due time and packet id to what is due. */
    public static final String DEADLINES = "deadlines";

    /** Window and scope to the counters of all tasks. Written for each delta, and when a window is published. */
    public static final String WINDOW_TOTALS = "window-totals";

    private StateStores() {}

    /**
     * A store on disk, because restoring from the changelog would make every restart slow. It has a changelog, because
     * this is the state. It has no record cache; only the window totals, which change many times between two commits,
     * add one.
     */
    public static StoreBuilder<KeyValueStore<Bytes, byte[]>> persistent(String name) {
        return keyValueStoreBuilder(persistentKeyValueStore(name), Serdes.Bytes(), ByteArray());
    }
}
