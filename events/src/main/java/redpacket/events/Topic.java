package redpacket.events;

import java.util.HashMap;
import java.util.Map;

/** The topics of the pipeline: their names, and the settings that the guarantees depend on. */
public enum Topic {
    /** {@link OpenPacket} by packet id. */
    OPENS("redpacket.opens", Clock.BROKER),
    /** {@link Grab} by packet id, and {@linkplain #TICK_HEADER ticks}. */
    GRABS("redpacket.grabs", Clock.BROKER),
    /** {@link AwardResult} by packet id. The timestamp of a record is that of its grab. */
    AWARDS("redpacket.awards", Clock.PRODUCER),
    /** {@link PacketEvent} by packet id. The timestamp of a record is when the broker appended the event. */
    PACKETS("redpacket.packets", Clock.BROKER),
    /**
     * {@link WindowStats} by {@linkplain WindowStats#key() scope and window}. The topic keeps the newest record of each
     * key.
     */
    STATS("redpacket.stats", Clock.BROKER),
    /**
     * Internal, from the first stage of the statistics to the second: what was counted in a window since the previous
     * record, as {@link WindowStats} of revision 1 by {@linkplain WindowStats#key() scope and window}.
     */
    STATS_DELTAS("redpacket.stats-deltas", Clock.BROKER),
    /**
     * Records that were put away, as they came, with {@linkplain DeadLetterHeaders headers} that give the reason and
     * the origin, and {@linkplain #SENT_BACK_HEADER marks} of those that were sent back.
     */
    DEAD_LETTERS("redpacket.dead-letters", Clock.BROKER);

    /**
     * Marks a record on {@link #GRABS} that is not a grab but shows that time has passed; its value is null. Without
     * ticks, no deadline would pass in a partition without grabs. The header's value is the sender's clock in
     * milliseconds, as text; it counts only where the broker's clock is ahead.
     */
    public static final String TICK_HEADER = "redpacket.tick";

    /**
     * Settings of topics whose records carry the time of their input, changelogs too. By default Kafka refuses a record
     * that is dated an hour ahead, and the transaction of a grab that a wrong clock dated would fail for ever.
     */
    public static final Map<String, String> ANY_TIMESTAMP = Map.of(
            "message.timestamp.before.max.ms", String.valueOf(Long.MAX_VALUE),
            "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));

    /**
     * Marks a record on {@link #DEAD_LETTERS} that is no dead letter but shows that one was sent back to its topic. It
     * is in the partition of the letter; the value of the header is the letter's offset there, in decimal. The record
     * has no value, and no {@link DeadLetterHeaders#REASON}, which every dead letter has.
     */
    public static final String SENT_BACK_HEADER = "redpacket.sent-back";

    /** Kafka's default. */
    private static final String MAX_BATCH_BYTES = "1048588";

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

    /** The settings that the topic must have, by the names of Kafka's topic configuration. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("message.timestamp.type", clock.timestampType);
        if (clock == Clock.PRODUCER) {
            settings.putAll(ANY_TIMESTAMP);
        }
        // Readers need only the newest counters of a window, and old windows may go.
        settings.put("cleanup.policy", this == STATS ? "compact,delete" : "delete");
        if (this == OPENS || this == GRABS) {
            // Bounds the memory that a record needs. What is compressed to a few kilobytes may be gigabytes, and many
            // small headers take many times their bytes.
            settings.put("compression.type", "uncompressed");
            settings.put("max.message.bytes", MAX_BATCH_BYTES);
        } else if (this == DEAD_LETTERS) {
            // Twice the default: a record that just fits its own topic must also fit this one with more headers.
            settings.put("max.message.bytes", "2097152");
        }
        return settings;
    }

    /** Whether the keys are packet ids. All these topics must have the same number of partitions. */
    public boolean isKeyedByPacket() {
        return this == OPENS || this == GRABS || this == AWARDS || this == PACKETS;
    }

    @Override
    public String toString() {
        return topicName;
    }
}
