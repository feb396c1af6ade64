package redpacket.topology.stores;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Lets all stores of the process share a fixed amount of memory outside the heap. By default each store may take 100 MB, and
 * there are four in each partition.
 */
public final class SharedStoreMemory implements RocksDBConfigSetter {
    /** Blocks read from disk, their indexes, and what is not on disk yet. */
    private static final long BYTES = 256L << 20;

    /** Of these, for what is not on disk yet. */
    private static final long WRITE_BYTES = 96L << 20;

    static {
        RocksDB.loadLibrary();
    }

    // Never closed: they belong to the process, and outlive each store.
    private static final Cache CACHE = new LRUCache(BYTES);
    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> settings) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        // Counted too, or they would grow without bounds beside the cache.
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITES);
    }

    @Override
    public void close(String storeName, Options options) {}
}
