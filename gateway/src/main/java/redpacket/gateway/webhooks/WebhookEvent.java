package redpacket.gateway.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.events.AwardResult;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;

/**
 * An event as its receiver gets it.
 *
 * @param id tells repeated deliveries apart: topic, partition and offset
 * @param data the event as JSON
 * @param timestampMillis of the record
 * @param after the awards before this offset come first, in the partition with the same number
 */
record WebhookEvent(String id, String type, String data, long offset, long timestampMillis, long after) {
    /**
     * Empty unless the result hands out a share.
     *
     * @throws InvalidEventException if the record is no result
     */
    static Optional<WebhookEvent> ofAward(ConsumerRecord<?, byte[]> record) {
        AwardResult award = Json.readAward(record.value());
        return award.movesMoney() ? Optional.of(of(record, "award", Json.write(award), 0)) : Optional.empty();
    }

    /**
     * Empty unless the event closes a packet.
     *
     * @throws InvalidEventException if the record is no event of a packet
     */
    static Optional<WebhookEvent> ofClosing(ConsumerRecord<?, byte[]> record, long after) {
        return Json.readPacketEvent(record.value())
                .match(
                        opened -> Optional.empty(),
                        closed -> Optional.of(of(record, typeOf(closed), Json.write(closed), after)),
                        rejected -> Optional.empty(),
                        cancelAnswered -> Optional.empty());
    }

    private static String typeOf(PacketEvent.Closed closed) {
        return closed.match(soldOut -> "sold-out", expired -> "expired", cancelled -> "cancelled");
    }

    private static WebhookEvent of(ConsumerRecord<?, byte[]> record, String type, byte[] data, long after) {
        String id = record.topic() + "-" + record.partition() + "-" + record.offset();
        return new WebhookEvent(id, type, new String(data, UTF_8), record.offset(), record.timestamp(), after);
    }

    /** The body of a request. Ids and types need no escapes in JSON. */
    static byte[] body(List<WebhookEvent> events) {
        return events.stream()
                .map(event -> "{\"id\":\"%s\",\"type\":\"%s\",\"data\":%s}".formatted(event.id, event.type, event.data))
                .collect(joining(",", "{\"events\":[", "]}"))
                .getBytes(UTF_8);
    }
}
