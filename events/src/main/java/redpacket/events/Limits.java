package redpacket.events;

import java.time.Duration;

/**
 * The limits of the contract. This is their only place in the code; {@code asyncapi.yaml} states the same numbers, and
 * {@code AsyncApiTest} compares the two.
 *
 * <p>The readers of {@link Json} accept terms beyond these limits, so that the pipeline can answer them with {@link
 * PacketEvent.Rejected}.
 */
public final class Limits {
    /** Characters of an id. The minimum is 1. */
    public static final int MAX_ID_LENGTH = 128;

    /**
     * Shares of a packet. The minimum is 1. A share queue of this length still loads into Redis within a second or two.
     */
    public static final int MAX_SHARES = 1_000_000;

    /**
     * Cents in a packet. The minimum is one cent for each share. The maximum is 2^53 - 1, the largest whole number that
     * JSON numbers carry exactly in every language.
     */
    public static final long MAX_TOTAL_CENTS = (1L << 53) - 1;

    /** Different prizes of a packet. The minimum is 1. */
    public static final int MAX_PRIZES = 1_000;

    /** Characters (code points) of the name of a prize. 1,000 such names fit into a record of Kafka. */
    public static final int MAX_PRIZE_NAME_LENGTH = 100;

    /** Characters of the name of points. A currency of ISO 4217 has 3. */
    public static final int MAX_CURRENCY_LENGTH = 32;

    /** Users for whom a packet is, if it is not for everybody. The minimum is 1. */
    public static final int MAX_ONLY_USERS = 1_000;

    /** Characters (code points) of a title and of a reason to cancel. The minimum is 1. */
    public static final int MAX_TEXT_LENGTH = 200;

    /** Milliseconds from the opening of a packet to its deadline: 31 days. From its start, the minimum is 1. */
    public static final long MAX_OPEN_FOR_MILLIS = Duration.ofDays(31).toMillis();

    /** Milliseconds from the start of a packet to its deadline if the open command does not say: one day. */
    public static final long DEFAULT_OPEN_FOR_MILLIS = 86_400_000;

    /** The latest valid time of a record: the end of the year 9999, which every database and language can hold. */
    public static final long MAX_TIME_MILLIS = 253_402_300_799_999L;

    private Limits() {}

    /** The time that counts for a record: its timestamp, but not before 1970 and not after {@link #MAX_TIME_MILLIS}. */
    public static long timeOf(long timestampMillis) {
        return Math.max(0, Math.min(timestampMillis, MAX_TIME_MILLIS));
    }
}
