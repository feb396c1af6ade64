package redpacket.reader;

import redpacket.events.TraceContext;

/**
 * An event of a committed transaction, with its position.
 *
 * @param partition of the topic. An answer is in the partition with the same number as the record that it answers
 * @param timestampMillis the record's time; {@link redpacket.events.Topic} says what it means on each topic
 * @param trace of the command that the event answers; {@link TraceContext#NONE} if the command had none. Closing events
 *     and statistics belong to no trace
 */
public record Committed<T>(T event, int partition, long offset, long timestampMillis, TraceContext trace) {}
