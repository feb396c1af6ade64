package redpacket.benchmark.soak;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The memory of a topology's process at one moment, in megabytes.
 *
 * @param resident of the whole process, without mapped files
 * @param heapUsed objects, including those that the next collection removes
 * @param heapCommitted committed memory of the heap
 * @param nonHeap classes and compiled code
 * @param rocksDb the cache that all stores share, including data not yet on disk
 * @param direct buffers outside the heap, of the Kafka clients and of Netty
 */
record Footprint(long resident, long heapUsed, long heapCommitted, long nonHeap, long rocksDb, long direct) {
    static final String HEADING = "minute   resident   heap used   heap   classes, code   RocksDB   direct buffers";

    private static final double MEGABYTE = 1 << 20;

    /**
     * Reads the process's own metrics.
     *
     * @param residentBytes as the operating system reports it
     * @param metrics of the topology, in the format of Prometheus
     */
    static Footprint of(long residentBytes, String metrics) {
        return new Footprint(
                megabytes((double) residentBytes),
                megabytes(values(metrics, "jvm_memory_used_bytes", "area=\"heap\"")
                        .sum()),
                megabytes(values(metrics, "jvm_memory_committed_bytes", "area=\"heap\"")
                        .sum()),
                megabytes(values(metrics, "jvm_memory_committed_bytes", "area=\"nonheap\"")
                        .sum()),
                // Each store reports the cache that all stores share.
                megabytes(values(metrics, "kafka_stream_state_block_cache_usage", "")
                        .max()
                        .orElse(0)),
                megabytes(values(metrics, "jvm_buffer_memory_used_bytes", "").sum()));
    }

    /** The rise of resident memory until a later time, in percent. */
    double riseUntil(Footprint later) {
        return 100.0 * (later.resident - resident) / resident;
    }

    /** A line below {@link #HEADING}. */
    String line(int minute) {
        return String.format(
                Locale.ROOT,
                "%6d %,10d %,11d %,6d %,15d %,9d %,16d",
                minute,
                resident,
                heapUsed,
                heapCommitted,
                nonHeap,
                rocksDb,
                direct);
    }

    private static DoubleStream values(String metrics, String name, String label) {
        return metrics.lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }

    private static long megabytes(double bytes) {
        return Math.round(bytes / MEGABYTE);
    }
}
