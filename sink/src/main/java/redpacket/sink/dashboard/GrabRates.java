package redpacket.sink.dashboard;

import static java.util.Comparator.comparingDouble;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Grabs per second of each packet, as an exponentially weighted moving average over some seconds. */
final class GrabRates {
    /** The factor per second. After 10 s without a grab, a tenth of the rate is left. */
    private static final double DECAY = 0.8;

    /**
     * Bounds the memory. At this number new packets are ignored, until the next {@link #nextSecond} drops the half with
     * the lowest rates.
     */
    private static final int MAX_PACKETS = 20_000;

    private final Map<String, Double> grabs = new HashMap<>();

    void grabbed(String packetId) {
        if (grabs.size() < MAX_PACKETS || grabs.containsKey(packetId)) {
            grabs.merge(packetId, 1.0, Double::sum);
        }
    }

    /** Call it once a second. */
    void nextSecond() {
        if (grabs.size() >= MAX_PACKETS) {
            grabs.keySet().retainAll(hottest(MAX_PACKETS / 2));
        }
        grabs.replaceAll((packetId, sum) -> sum * DECAY);
    }

    double grabsPerSecond(String packetId) {
        // With a steady rate r, the sum converges to r / (1 - DECAY).
        return grabs.getOrDefault(packetId, 0.0) * (1 - DECAY);
    }

    /** The packets with the highest rates, highest first. */
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
