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
 * Limits all stores of the process to one fixed amount of memory outside the heap. By default each store may take 100
 * MB, and each partition has four stores.
 */
public final class SharedStoreMemory implements RocksDBConfigSetter {
    /** For blocks read from disk, their indexes, and writes that are not on disk yet. */
    private static final long BYTES = 256L << 20;

    /** The part for writes that are not on disk yet. */
    private static final long WRITE_BYTES = 96L << 20;

    static {
        RocksDB.loadLibrary();
    }

    // Never closed, because they belong to the process and outlive each store.
    private static final Cache CACHE = new LRUCache(BYTES);
    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> settings) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        // Counts them too. Otherwise they would grow without bounds beside the cache.
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITES);
    }

    @Override
    public void close(String storeName, Options options) {}
}
