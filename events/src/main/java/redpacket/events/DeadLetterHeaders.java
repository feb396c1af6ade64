package redpacket.events;

/**
 * Headers that a record on {@link Topic#DEAD_LETTERS} has in addition to its own: the reason and the origin. Values are
 * UTF-8 text, numbers in decimal. They follow the record's own headers; if a name occurs twice, the last value counts.
 */
public final class DeadLetterHeaders {
    /** Why the record was put away, as a sentence. */
    public static final String REASON = "redpacket.reason";

    /**
     * The exception with which the pipeline failed twice at a readable record. The letter of an unreadable record has
     * no such header.
     */
    public static final String FAILURE = "redpacket.failure";

    /** The topic of the record. */
    public static final String TOPIC = "redpacket.topic";

    /** The partition of the record. */
    public static final String PARTITION = "redpacket.partition";

    /** The offset of the record. */
    public static final String OFFSET = "redpacket.offset";

    /** When the broker appended the record, in milliseconds since 1970 UTC. */
    public static final String TIMESTAMP = "redpacket.timestamp";

    /**
     * A part of the record that was too large and is shortened or missing here, for example {@code value of 5000000
     * bytes} or {@code 90000 headers of 1200000 bytes}. A complete record has no such header.
     */
    public static final String CUT = "redpacket.cut";

    private DeadLetterHeaders() {}
}
