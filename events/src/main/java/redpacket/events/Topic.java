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
    /** What could not be read, as it came, with headers that say why and from where. */
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
        return settings;
    }

    /** Whether records are keyed by packet id, so that the topic must have as many partitions as the others like it. */
    public boolean isKeyedByPacket() {
        return this != DEAD_LETTERS;
    }

    @Override
    public String toString() {
        return topicName;
    }
}
