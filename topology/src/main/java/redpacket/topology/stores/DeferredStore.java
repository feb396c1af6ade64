package redpacket.topology.stores;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.AbstractStoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A store whose user may keep writes back until just before each commit, when it is asked to make them.
 *
 * <p>That is what a record cache of Kafka Streams does, and the same call of Streams that empties a record cache is used here;
 * but a cache finds its entry anew for each write, which is a tenth of what a grab costs, and cannot make one record of many.
 * The call is internal to Streams: if it should ever stay away, nothing is stored any more, and every test that restarts fails
 * (docs/decisions/0008).
 */
public final class DeferredStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]> {
    private Runnable writes = () -> {};

    public static StoreBuilder<DeferredStore> builder(String storeName) {
        return new AbstractStoreBuilder<>(storeName, Serdes.Bytes(), Serdes.ByteArray(), Time.SYSTEM) {
            @Override
            public DeferredStore build() {
                return new DeferredStore(StateStores.persistent(storeName)
                        .withLoggingEnabled(logConfig())
                        .build());
            }
        };
    }

    public DeferredStore(KeyValueStore<Bytes, byte[]> store) {
        super(store);
    }

    /**
     * Sets who writes before each commit, in the thread of the store's task.
     *
     * @param allWrites writes whatever was kept back to {@link #wrapped()}
     */
    public void beforeCommit(Runnable allWrites) {
        writes = allWrites;
    }

    /** What was kept back before a failure must not be written after it. */
    @Override
    public void close() {
        writes = () -> {};
        super.close();
    }

    @Override
    public void flushCache() {
        writes.run();
        super.flushCache();
    }
}
