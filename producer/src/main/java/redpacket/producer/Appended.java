package redpacket.producer;

/**
 * The broker's word that a record is stored on all in-sync replicas. The pipeline's answer names it: {@code openOffset}
 * or {@code grabOffset} equals {@code offset}, on a record in the partition with the same number.
 *
 * @param appendedAtMillis when, by the broker's clock; this is the time that counts against a packet's deadline
 */
public record Appended(int partition, long offset, long appendedAtMillis) {}
