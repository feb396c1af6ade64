package redpacket.sink.dashboard;

import static java.util.Comparator.comparingDouble;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much each packet is grabbed at the moment: an average over some seconds, in which the latest count most. */
final class GrabRates {
    /** Each second keeps so much of what was: after 10 s without a grab a packet has a tenth of its heat. */
    private static final double KEPT = 0.8;

    /** Bounds memory; while there are so many, new packets have to wait until the coldest half is dropped. */
    private static final int MOST_PACKETS = 20_000;

    private final Map<String, Double> grabs = new HashMap<>();

    void grabbed(String packetId) {
        if (grabs.size() < MOST_PACKETS || grabs.containsKey(packetId)) {
            grabs.merge(packetId, 1.0, Double::sum);
        }
    }

    /** To be called once a second. */
    void coolDown() {
        if (grabs.size() >= MOST_PACKETS) {
            grabs.keySet().retainAll(hottest(MOST_PACKETS / 2));
        }
        grabs.replaceAll((packetId, sum) -> sum * KEPT);
    }

    double grabsPerSecond(String packetId) {
        // A steady rate r adds up to r / (1 - KEPT).
        return grabs.getOrDefault(packetId, 0.0) * (1 - KEPT);
    }

    /** The hottest first; cold packets too, while there are no others. */
    List<String> hottest(int limit) {
        return grabs.entrySet().stream()
                .sorted(comparingDouble((Map.Entry<String, Double> entry) -> entry.getValue())
                        .reversed()
                        .thenComparing(Map.Entry::getKey))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }
}
