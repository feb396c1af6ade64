package redpacket.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What this process holds in memory: Kafka, the topology and the reader together. What a contestant takes is the difference
 * between two of its workloads.
 *
 * @param heapMegabytes in use after a collection
 * @param otherMegabytes resident outside of the heap (stores, network buffers, compiled code), 0 where the system does not tell. The
 *     launcher has the whole heap resident from the start, so the heap can be taken off
 */
record Memory(long heapMegabytes, long otherMegabytes) {
    static Memory now() {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long other = residentBytes().orElse(heap.getCommitted()) - heap.getCommitted();
        return new Memory(heap.getUsed() >> 20, Math.max(0, other >> 20));
    }

    /** Linux tells. Files that are mapped, as the broker's indexes are, are not counted. */
    private static OptionalLong residentBytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
