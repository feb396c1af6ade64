package redpacket.sink.readmodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The entries that a batch adds to each bucket of each day. Many packets or users share a bucket, so that one command
 * writes many entries. A command and an expiring key for each of them would cost several times as much. Each day has
 * its own buckets, because only whole keys expire.
 */
final class DayBuckets {
    private final Map<Long, List<List<byte[]>>> byDay = new TreeMap<>();

    /** Receives the entries for one bucket of one day. */
    @FunctionalInterface
    interface Taker {
        void take(int bucket, long dayStartMillis, List<byte[]> added);
    }

    /** The entries of the bucket of a packet or user, to add to. */
    List<byte[]> of(String id, long atMillis) {
        return byDay.computeIfAbsent(Keys.dayStartMillis(atMillis), day -> emptyBuckets())
                .get(Keys.bucketOf(id));
    }

    private static List<List<byte[]>> emptyBuckets() {
        return Stream.<List<byte[]>>generate(ArrayList::new).limit(Keys.BUCKETS).toList();
    }

    void forEach(Taker taker) {
        byDay.forEach((dayStartMillis, buckets) -> {
            for (int bucket = 0; bucket < buckets.size(); bucket++) {
                List<byte[]> added = buckets.get(bucket);
                if (!added.isEmpty()) {
                    taker.take(bucket, dayStartMillis, added);
                }
            }
        });
    }

    Iterable<Long> days() {
        return byDay.keySet();
    }
}
