package redpacket.topology.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store is real and on disk. */
class DeferredStoreTest {
    @TempDir
    private Path folder;

    /** After a failure, Streams closes the store and opens it again. Deferred writes then belong to no transaction. */
    @Test
    void shouldMakeDeferredWritesBeforeACommitButNotAfterItWasClosed() {
        MockProcessorContext<Object, Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), folder.toFile());
        DeferredStore store = new DeferredStore(
                StateStores.persistent("deferred").withLoggingDisabled().build());
        store.init(context.getStateStoreContext(), store);
        int[] writes = {0};
        store.beforeCommit(() -> writes[0]++);

        store.flushCache();
        assertThat(writes[0]).isOne();
        store.close();
        store.init(context.getStateStoreContext(), store);
        store.flushCache();

        assertThat(writes[0]).isOne();
        store.close();
    }
}
