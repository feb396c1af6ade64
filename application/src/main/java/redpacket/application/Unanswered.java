package redpacket.application;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import redpacket.producer.Appended;

/** Records that are stored but without an answer yet: a bit for each, so that millions fit. Safe for many threads. */
final class Unanswered {
    private final Map<Integer, Offsets> partitions = new HashMap<>();
    private long count;

    synchronized void add(Appended record) {
        partitions
                .computeIfAbsent(record.partition(), partition -> new Offsets(record.offset(), new BitSet()))
                .add(record.offset());
        count++;
    }

    /** Whether the record was without an answer; it is no longer. */
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

    /** Counted from the first, since a producer's records are stored in the order of their offsets. */
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
