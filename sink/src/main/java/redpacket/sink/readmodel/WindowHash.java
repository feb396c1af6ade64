package redpacket.sink.readmodel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import redpacket.events.Counters;
import redpacket.events.WindowStats;

/** A window's statistics as a Redis hash in which every field is an integer, so that any script can read it. */
final class WindowHash {
    private static final Map<String, ToLongFunction<Counters>> COUNTERS = new LinkedHashMap<>();

    static {
        COUNTERS.put("grabs", Counters::grabs);
        COUNTERS.put("awarded", Counters::awarded);
        COUNTERS.put("alreadyGrabbed", Counters::alreadyGrabbed);
        COUNTERS.put("soldOut", Counters::soldOut);
        COUNTERS.put("expired", Counters::expired);
        COUNTERS.put("unknownPacket", Counters::unknownPacket);
        COUNTERS.put("repeats", Counters::repeats);
        COUNTERS.put("awardedCents", Counters::awardedCents);
        COUNTERS.put("packetsOpened", Counters::packetsOpened);
        COUNTERS.put("packetsSoldOut", Counters::packetsSoldOut);
        COUNTERS.put("packetsExpired", Counters::packetsExpired);
        COUNTERS.put("refundedCents", Counters::refundedCents);
    }

    private WindowHash() {}

    /** All fields but the revision. */
    static Map<String, Long> write(WindowStats stats) {
        Map<String, Long> hash = new LinkedHashMap<>();
        hash.put("windowMillis", stats.windowMillis());
        hash.put("closed", stats.closed() ? 1L : 0L);
        COUNTERS.forEach((name, counter) -> hash.put(name, counter.applyAsLong(stats.counters())));
        return hash;
    }

    static WindowStats read(String scope, long windowStartMillis, Map<String, Long> hash) {
        return new WindowStats(
                scope,
                windowStartMillis,
                hash.get("windowMillis"),
                hash.get("revision"),
                hash.get("closed") == 1,
                new Counters(
                        hash.get("grabs"),
                        hash.get("awarded"),
                        hash.get("alreadyGrabbed"),
                        hash.get("soldOut"),
                        hash.get("expired"),
                        hash.get("unknownPacket"),
                        hash.get("repeats"),
                        hash.get("awardedCents"),
                        hash.get("packetsOpened"),
                        hash.get("packetsSoldOut"),
                        hash.get("packetsExpired"),
                        hash.get("refundedCents")));
    }
}
