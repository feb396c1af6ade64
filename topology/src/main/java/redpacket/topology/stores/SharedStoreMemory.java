package redpacket.topology.stores;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.IndexType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Limits all stores of the process to one fixed amount of memory outside the heap. By default each store may take 100
 * MB, and each partition has four stores.
 *
 * <p>A busy process uses all of it in time, because blocks of deleted files stay in the cache until other blocks need
 * their place. The amount is therefore small. The page cache of the system holds blocks that do not fit.
 */
public final class SharedStoreMemory implements RocksDBConfigSetter {
    /** For blocks read from disk, their indexes and filters, and writes that are not on disk yet. */
    private static final long BYTES = 80L << 20;

    /** The part for writes that are not on disk yet. */
    private static final long WRITE_BYTES = 64L << 20;

    /**
     * The least memory for writes of a store that has any. With the default of 1 MB, the stores of 16 partitions take
     * all of {@link #WRITE_BYTES} while they are nearly empty, and each write flushes one of them.
     */
    private static final long LEAST_WRITE_BYTES = 128L << 10;

    /**
     * The cache consists of 4 parts, each with its own lock and limit. The default is 64 parts of 1.25 MB. Writes are
     * charged to them in steps of 256 KB by a hash, which leaves some of these small parts without room for blocks.
     */
    private static final int SHARD_BITS = 2;

    static {
        RocksDB.loadLibrary();
    }

    // Never closed, because they belong to the process and outlive each store.
    private static final Cache CACHE = new LRUCache(BYTES, SHARD_BITS);
    private static final WriteBufferManager WRITES = new WriteBufferManager(WRITE_BYTES, CACHE);

    /** Of {@link #BYTES}. */
    static long usedBytes() {
        return CACHE.getUsage();
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> settings) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(CACHE);
        // Counts them too. Otherwise they would grow without bounds beside the cache.
        table.setCacheIndexAndFilterBlocks(true);
        // Divides indexes and filters into blocks of 4 KB. One that covers a whole file has megabytes, to be read again
        // whenever
        // it was evicted.
        table.setIndexType(IndexType.kTwoLevelIndexSearch);
        table.setPartitionFilters(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(WRITES);
        options.setArenaBlockSize(LEAST_WRITE_BYTES);
    }

    @Override
    public void close(String storeName, Options options) {}
}
