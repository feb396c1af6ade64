package redpacket.events;

/**
 * Headers of a record on {@link Topic#DEAD_LETTERS}: why it is there and where it came from, all as UTF-8 text (numbers in
 * decimal). They come after the record's own headers; of a name that occurs twice, the last one counts.
 */
public final class DeadLetterHeaders {
    /** What is wrong with the record, as a sentence. */
    public static final String REASON = "redpacket.reason";

    /** The topic it was read from. */
    public static final String TOPIC = "redpacket.topic";

    /** The partition it was read from. */
    public static final String PARTITION = "redpacket.partition";

    /** Its offset there. */
    public static final String OFFSET = "redpacket.offset";

    /** When the broker appended it there, in milliseconds since 1970 UTC. */
    public static final String TIMESTAMP = "redpacket.timestamp";

    /**
     * What was cut off or left out because it was too large to pass on, as in {@code value of 5000000 bytes}; absent from a
     * record that is here as it came.
     */
    public static final String CUT = "redpacket.cut";

    private DeadLetterHeaders() {}
}
