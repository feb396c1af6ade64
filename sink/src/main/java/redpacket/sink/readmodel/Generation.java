package redpacket.sink.readmodel;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One build of the read model from the beginning of the topics, as recorded in Redis.
 *
 * @param number the start of the build, in milliseconds since 1970 UTC; later generations have higher numbers
 * @param epoch the number of the first generation that was built from these topics
 * @param topics the layout of the keys, and the ids of the source topics: a topic that was deleted and created again
 *     has another id
 * @param serving the generation that readers see: this one once it is whole, until then the previous one, or null
 * @param positions by partition
 */
record Generation(long number, long epoch, String topics, Long serving, Map<String, Position> positions) {
    /**
     * The position in a partition.
     *
     * @param at the next offset
     * @param from the first offset of the generation
     * @param until the end of the partition when the generation began; from this offset on the generation is whole
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
                // A partition that was added later has neither field. It was empty when the generation began.
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

    /** The part of the topics, as of the beginning of this generation, that has been written: from 0 to 1. */
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
