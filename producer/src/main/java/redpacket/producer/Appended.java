package redpacket.producer;

/**
 * Confirms that a record is stored on all in-sync replicas. The answer of the pipeline refers to it: its
 * {@code openOffset} or {@code grabOffset} equals {@code offset}, and it is in the partition with the same number.
 *
 * @param appendedAtMillis when the record was stored, by the clock of the broker. The deadline of a packet is compared
 *     with this time
 */
public record Appended(int partition, long offset, long appendedAtMillis) {}
