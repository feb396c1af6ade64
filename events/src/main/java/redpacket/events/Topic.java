package redpacket.events;

import java.util.HashMap;
import java.util.Map;

/** The topics of the pipeline: names, and the settings that the guarantees rest on. */
public enum Topic {
    /** {@link OpenPacket} by packet id. */
    OPENS("redpacket.opens", Clock.BROKER),
    /** {@link Grab} by packet id, and {@linkplain #TICK_HEADER ticks}. */
    GRABS("redpacket.grabs", Clock.BROKER),
    /** {@link AwardResult} by packet id; a record's time is that of its grab. */
    AWARDS("redpacket.awards", Clock.PRODUCER),
    /** {@link PacketEvent} by packet id; a record's time is when the event was appended. */
    PACKETS("redpacket.packets", Clock.BROKER),
    /** {@link WindowStats} by {@linkplain WindowStats#key() scope and window}: the newest of each key is kept. */
    STATS("redpacket.stats", Clock.BROKER),
    /**
     * Internal, from the first stage of the statistics to the second: what was counted in a window since the last such record,
     * as {@link WindowStats} of revision 1 by {@linkplain WindowStats#key() scope and window}.
     */
    STATS_DELTAS("redpacket.stats-deltas", Clock.BROKER),
    /** What could not be read, as it came, with {@linkplain DeadLetterHeaders headers} that say why and from where. */
    DEAD_LETTERS("redpacket.dead-letters", Clock.BROKER);

    /**
     * Marks a record on {@link #GRABS} that is no grab but a sign that time has passed: its value is null. Without ticks a
     * partition on which nobody grabs would never learn that a deadline is over.
     */
    public static final String TICK_HEADER = "redpacket.tick";

    private enum Clock {
        BROKER("LogAppendTime"),
        PRODUCER("CreateTime");

        private final String timestampType;

        Clock(String timestampType) {
            this.timestampType = timestampType;
        }
    }

    private final String topicName;
    private final Clock clock;

    Topic(String topicName, Clock clock) {
        this.topicName = topicName;
        this.clock = clock;
    }

    public String topicName() {
        return topicName;
    }

    /** Topic settings (as in Kafka's topic configuration) that must not differ from these. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("message.timestamp.type", clock.timestampType);
        // Only the newest count of a window matters, and old windows are forgotten.
        settings.put("cleanup.policy", this == STATS ? "compact,delete" : "delete");
        if (this == DEAD_LETTERS) {
            // Twice the default: a record that just fits its own topic must still fit here with more headers.
            settings.put("max.message.bytes", "2097152");
        }
        return settings;
    }

    /** Whether records are keyed by packet id, so that the topic must have as many partitions as the others like it. */
    public boolean isKeyedByPacket() {
        return this == OPENS || this == GRABS || this == AWARDS || this == PACKETS;
    }

    @Override
    public String toString() {
        return topicName;
    }
}
