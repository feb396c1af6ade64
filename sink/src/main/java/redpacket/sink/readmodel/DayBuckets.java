package redpacket.sink.readmodel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a batch adds to the buckets of days. Many packets, or users, share a bucket, so that many entries go into one command: a command
 * and a key with an expiry for each of them costs several times as much. Each day has buckets of its own, since only whole keys expire.
 */
final class DayBuckets {
    private final Map<Long, List<List<byte[]>>> byDay = new TreeMap<>();

    /** Takes what is added to one bucket of one day. */
    @FunctionalInterface
    interface Taker {
        void take(int bucket, long dayStartMillis, List<byte[]> added);
    }

    /** Where to add what goes to the bucket of a packet or a user. */
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
