package redpacket.sink.readmodel;

import java.util.LinkedHashMap;
import java.util.Map;
import redpacket.events.Counter;
import redpacket.events.Counters;
import redpacket.events.WindowStats;

/** The counters of a window as a Redis hash. Every field is an integer, so that any script can read it. */
final class WindowHash {
    private WindowHash() {}

    /** All fields except the revision. */
    static Map<String, Long> write(WindowStats stats) {
        Map<String, Long> hash = new LinkedHashMap<>();
        hash.put("windowMillis", stats.windowMillis());
        hash.put("closed", stats.closed() ? 1L : 0L);
        for (Counter counter : Counter.values()) {
            hash.put(counter.fieldName(), counter.in(stats.counters()));
        }
        return hash;
    }

    /** A counter that was not yet counted when the window was written is 0. */
    static WindowStats read(String scope, long windowStartMillis, Map<String, Long> hash) {
        return new WindowStats(
                scope,
                windowStartMillis,
                hash.get("windowMillis"),
                hash.get("revision"),
                hash.get("closed") == 1,
                Counters.of(counter -> hash.getOrDefault(counter.fieldName(), 0L)));
    }
}
