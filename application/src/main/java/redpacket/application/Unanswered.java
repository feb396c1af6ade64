package redpacket.application;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import redpacket.producer.Appended;

/** Stored records without an answer. One bit per record, so that millions fit. Thread-safe. */
final class Unanswered {
    private final Map<Integer, Offsets> partitions = new HashMap<>();
    private long count;

    synchronized void add(Appended record) {
        partitions
                .computeIfAbsent(record.partition(), partition -> new Offsets(record.offset(), new BitSet()))
                .add(record.offset());
        count++;
    }

    /** Marks a record as answered. Returns whether it was unanswered before. */
    synchronized boolean remove(int partition, long offset) {
        Offsets offsets = partitions.get(partition);
        if (offsets == null || !offsets.remove(offset)) {
            return false;
        }
        count--;
        return true;
    }

    synchronized long count() {
        return count;
    }

    /** Bits count from the first offset, because a producer's records have increasing offsets. */
    private record Offsets(long first, BitSet bits) {
        void add(long offset) {
            bits.set(Math.toIntExact(offset - first));
        }

        boolean remove(long offset) {
            if (offset < first || offset - first > Integer.MAX_VALUE || !bits.get((int) (offset - first))) {
                return false;
            }
            bits.clear((int) (offset - first));
            return true;
        }
    }
}
