package redpacket.sink.readmodel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One building of the read model from the beginning of the topics, as it stands in Redis.
 *
 * @param number when it was begun, in milliseconds since 1970 UTC; later ones have higher numbers
 * @param epoch the number of the first generation that was built from these topics
 * @param topics ids of the topics it is built from, and how it is laid out: others under the same names are not the same
 * @param serving the generation that readers see: this one once it is whole, until then the one before, or null
 * @param positions by partition
 */
record Generation(long number, long epoch, String topics, Long serving, Map<String, Position> positions) {
    /**
     * How far a partition is read.
     *
     * @param at the next offset
     * @param from where the generation began
     * @param until where it is whole: the end of the partition when it began
     */
    record Position(long at, long from, long until) {}

    static Optional<Generation> of(Map<String, String> hash) {
        if (!hash.containsKey("generation")) {
            return Optional.empty();
        }
        Map<String, Position> positions = new TreeMap<>();
        hash.forEach((field, value) -> {
            if (field.startsWith("at:")) {
                String partition = field.substring("at:".length());
                // A partition that was added later has neither: it was empty then.
                positions.put(
                        partition,
                        new Position(
                                Long.parseLong(value),
                                Long.parseLong(hash.getOrDefault("from:" + partition, "0")),
                                Long.parseLong(hash.getOrDefault("until:" + partition, "0"))));
            }
        });
        String serving = hash.get("serving");
        return Optional.of(new Generation(
                Long.parseLong(hash.get("generation")),
                Long.parseLong(hash.get("epoch")),
                hash.get("topics"),
                serving == null ? null : Long.valueOf(serving),
                positions));
    }

    boolean isWhole() {
        return serving != null && serving == number;
    }

    /** How much of what made up the topics when this generation began is in it, from 0 to 1. */
    double share() {
        long all = 0;
        long done = 0;
        for (Position position : positions.values()) {
            all += position.until - position.from;
            done += Math.min(position.at, position.until) - position.from;
        }
        return all == 0 ? 1 : (double) done / all;
    }
}
