package redpacket.topology.stores;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedStoreMemoryTest {
    private static final int RECORDS = 20_000;

    @TempDir
    private Path folder;

    @Test
    void shouldTakeLittleWhenManyStoresHoldLittle() {
        List<KeyValueStore<Bytes, byte[]>> stores = new ArrayList<>();
        long before = SharedStoreMemory.usedBytes();
        for (int partition = 0; partition < 32; partition++) {
            KeyValueStore<Bytes, byte[]> store = open(partition, sharing());
            stores.add(store);
            put(store, 0, 100);
        }

        assertThat(SharedStoreMemory.usedBytes() - before).isBetween(1L, 10L << 20);
        stores.forEach(KeyValueStore::close);
    }

    @Test
    void shouldReadWhatWasWrittenWithOtherSettingsAndTheOtherWayRound() {
        KeyValueStore<Bytes, byte[]> earlier = open(0, new Properties());
        put(earlier, 0, RECORDS);
        earlier.close();

        KeyValueStore<Bytes, byte[]> now = open(0, sharing());
        assertThat(count(now, RECORDS)).isEqualTo(RECORDS);
        put(now, RECORDS, 2 * RECORDS);
        now.close();

        KeyValueStore<Bytes, byte[]> rolledBack = open(0, new Properties());
        assertThat(count(rolledBack, 2 * RECORDS)).isEqualTo(2 * RECORDS);
        rolledBack.close();
    }

    private static Properties sharing() {
        Properties settings = new Properties();
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedStoreMemory.class);
        return settings;
    }

    private KeyValueStore<Bytes, byte[]> open(int partition, Properties settings) {
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>(
                settings,
                new TaskId(0, partition),
                folder.resolve("task-" + partition).toFile());
        KeyValueStore<Bytes, byte[]> store =
                StateStores.persistent("winners").withLoggingDisabled().build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    private static void put(KeyValueStore<Bytes, byte[]> store, int from, int to) {
        for (int i = from; i < to; i++) {
            store.put(key(i), new byte[100]);
        }
    }

    private static int count(KeyValueStore<Bytes, byte[]> store, int to) {
        int found = 0;
        for (int i = 0; i < to; i++) {
            found += store.get(key(i)) == null ? 0 : 1;
        }
        return found;
    }

    private static Bytes key(int number) {
        return Bytes.wrap(("packet-" + number).getBytes(StandardCharsets.ISO_8859_1));
    }
}
