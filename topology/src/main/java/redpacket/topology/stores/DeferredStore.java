package redpacket.topology.stores;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.AbstractStoreBuilder;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A store whose user defers its writes until just before each commit.
 *
 * <p>Record caches of Kafka Streams do the same, and this class overrides the method by which Streams empties them. But
 * a record cache looks up its entry for each write, which is a tenth of the cost of a grab, and it cannot combine
 * several writes in one record. The method is internal to Streams. If a later version does not call it, nothing is
 * stored, and every test with a restart fails (docs/decisions/0008).
 */
public final class DeferredStore extends WrappedStateStore<KeyValueStore<Bytes, byte[]>, Bytes, byte[]> {
    private final List<Runnable> writes = new ArrayList<>();

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
     * Adds a callback that runs before each commit, in the thread of the store's task.
     *
     * @param deferred makes the deferred writes of the caller to {@link #wrapped()}
     */
    public void beforeCommit(Runnable deferred) {
        writes.add(deferred);
    }

    /** Drops the callbacks, because writes that were deferred before a failure must not be made after it. */
    @Override
    public void close() {
        writes.clear();
        super.close();
    }

    @Override
    public void flushCache() {
        writes.forEach(Runnable::run);
        super.flushCache();
    }
}
