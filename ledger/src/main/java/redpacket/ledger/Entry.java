package redpacket.ledger;

import org.apache.kafka.common.TopicPartition;

/** An event that becomes a row, with its partition and offset. */
record Entry<E>(E event, TopicPartition partition, long offset) {
    @Override
    public String toString() {
        return partition + "@" + offset + " (" + event + ")";
    }
}
