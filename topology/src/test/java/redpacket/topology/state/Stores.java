package redpacket.topology.state;

import java.io.File;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/** The stores of one task for {@link LivePackets}: real and on disk. The test calls the commits. */
record Stores(KeyValueStore<Bytes, byte[]> packets, DeferredStore winners) implements AutoCloseable {
    static Stores open(Path folder, int partition) {
        TaskId task = new TaskId(0, partition);
        File taskFolder = folder.resolve(task.toString()).toFile();
        var context = new MockProcessorContext<>(new Properties(), task, taskFolder);
        KeyValueStore<Bytes, byte[]> packets =
                StateStores.persistent("packets").withLoggingDisabled().build();
        packets.init(context.getStateStoreContext(), packets);
        DeferredStore winners = new DeferredStore(
                StateStores.persistent("winners").withLoggingDisabled().build());
        winners.init(context.getStateStoreContext(), winners);
        return new Stores(packets, winners);
    }

    LivePackets live(LiveMemory memory) {
        return live(memory, look -> {});
    }

    /** As after a restart. The packets request no shares. */
    LivePackets live(LiveMemory memory, LivePackets.ComingPackets coming) {
        return live(memory, (packet, cursor) -> null, coming);
    }

    LivePackets liveWithShares(LiveMemory memory, LivePackets.ShareSource shares) {
        return live(memory, shares, look -> {});
    }

    private LivePackets live(LiveMemory memory, LivePackets.ShareSource shares, LivePackets.ComingPackets coming) {
        LivePackets live = new LivePackets(memory, packets, winners.wrapped(), shares, coming);
        winners.beforeCommit(live::write);
        return live;
    }

    void commit() {
        winners.flushCache();
    }

    @Override
    public void close() {
        packets.close();
        winners.close();
    }
}
