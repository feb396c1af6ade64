package redpacket.benchmark.figures;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The memory of this process: Kafka, the topology and the reader together. The memory of a contestant is the difference
 * between two of its workloads.
 *
 * @param heapMegabytes in use after a collection
 * @param otherMegabytes resident memory outside the heap (stores, network buffers, compiled code); 0 if the system does
 *     not report it. The launcher makes the whole heap resident at the start, so the heap can be subtracted
 */
public record Memory(long heapMegabytes, long otherMegabytes) {
    public static Memory now() {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long other = residentBytes().orElse(heap.getCommitted()) - heap.getCommitted();
        return new Memory(heap.getUsed() >> 20, Math.max(0, other >> 20));
    }

    /** Linux reports it. Mapped files, such as the broker's indexes, do not count. */
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
