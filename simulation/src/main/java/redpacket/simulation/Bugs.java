package redpacket.simulation;

import java.util.HashSet;
import java.util.Set;
import redpacket.events.Topic;

/** Records at which the pipeline itself fails, as a bug in a processor would make it fail. */
final class Bugs {
    private final Set<String> present = new HashSet<>();
    private final Set<String> ever = new HashSet<>();

    /** What a bug throws. */
    static final class BugException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BugException(String origin) {
            super("simulated: a bug at " + origin);
        }
    }

    /** How dead letters name a record. */
    static String origin(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    void add(Topic topic, int partition, long offset) {
        String origin = origin(topic.topicName(), partition, offset);
        present.add(origin);
        ever.add(origin);
    }

    /** Another release is deployed. Returns whether it mends a bug. */
    boolean mend() {
        boolean any = !present.isEmpty();
        present.clear();
        return any;
    }

    boolean strikesAt(String origin) {
        return present.contains(origin);
    }

    /** Whether a record may have become a dead letter although it can be read. */
    boolean everStruckAt(String origin) {
        return ever.contains(origin);
    }
}
