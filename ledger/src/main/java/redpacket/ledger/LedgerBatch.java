package redpacket.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;

/**
 * The rows that one transaction writes.
 *
 * @param from position of each partition before the batch; it must equal the ledger's position
 * @param next position of each partition after the batch; exceeds the last offset + 1 where transaction markers follow
 */
record LedgerBatch(
        List<Entry<PacketEvent.Opened>> opened,
        List<Entry<AwardResult>> awards,
        List<Entry<PacketEvent.Closed>> closed,
        Map<TopicPartition, Long> from,
        Map<TopicPartition, Long> next) {

    /**
     * Turns records into rows.
     *
     * @param positions of every partition before the records
     * @param advanced of every partition after the records
     * @throws LedgerException if a record cannot be read
     */
    static LedgerBatch of(
            Iterable<ConsumerRecord<byte[], byte[]>> records,
            Map<TopicPartition, Long> positions,
            Map<TopicPartition, Long> advanced) {
        Map<TopicPartition, Long> from = new HashMap<>(positions);
        from.entrySet().removeIf(entry -> entry.getValue().equals(advanced.get(entry.getKey())));
        Map<TopicPartition, Long> next = new HashMap<>(advanced);
        next.keySet().retainAll(from.keySet());
        LedgerBatch batch = new LedgerBatch(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), from, next);
        for (ConsumerRecord<byte[], byte[]> answer : records) {
            batch.add(answer);
        }
        return batch;
    }

    /** What a closing event gives back to the sender. */
    record Refund(String packetId, String currency, long cents, long atMillis) {
        static Optional<Refund> of(PacketEvent.Closed closed) {
            return closed.match(
                    soldOut -> Optional.empty(),
                    expired -> of(expired, expired.refundedCents()),
                    cancelled -> of(cancelled, cancelled.refundedCents()));
        }

        private static Optional<Refund> of(PacketEvent.Closed closed, long cents) {
            return Optional.of(new Refund(closed.packetId(), closed.currency(), cents, closed.closedAtMillis()));
        }
    }

    /** An expired or a cancelled event closes its packet and refunds it. */
    List<Entry<Refund>> refunds() {
        List<Entry<Refund>> refunds = new ArrayList<>();
        for (Entry<PacketEvent.Closed> entry : closed) {
            Refund.of(entry.event())
                    .ifPresent(refund -> refunds.add(new Entry<>(refund, entry.partition(), entry.offset())));
        }
        return refunds;
    }

    boolean isEmpty() {
        return from.isEmpty();
    }

    private void add(ConsumerRecord<byte[], byte[]> answer) {
        TopicPartition partition = new TopicPartition(answer.topic(), answer.partition());
        try {
            if (answer.topic().equals(Topic.AWARDS.topicName())) {
                AwardResult result = Json.readAward(answer.value());
                if (result.movesMoney()) {
                    awards.add(new Entry<>(result, partition, answer.offset()));
                }
                return;
            }
            PacketEvent event = Json.readPacketEvent(answer.value());
            event.handle(
                    opening -> opened.add(new Entry<>(opening, partition, answer.offset())),
                    closing -> closed.add(new Entry<>(closing, partition, answer.offset())),
                    // Moves no money.
                    rejected -> {},
                    cancelAnswered -> {});
        } catch (InvalidEventException e) {
            throw new LedgerException(
                    "The ledger stops before %s@%d, which cannot be read: %s"
                            .formatted(partition, answer.offset(), e.getMessage()),
                    e);
        }
    }
}
