package redpacket.reader;

/**
 * An event of a committed transaction, and where it stands.
 *
 * @param partition of its topic; answers are in the partition with the same number as the record they answer
 * @param timestampMillis as {@link redpacket.events.Topic} says for its topic
 */
public record Committed<T>(T event, int partition, long offset, long timestampMillis) {}
