package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.events.Limits;
import redpacket.events.Topic;

/**
 * The value of a record on the topic of grabs that only advances the log time, to the time at which the broker appended
 * it. If that is in the future, the log has at least passed the time at which the tick was sent. The tick has a header
 * with this time.
 */
enum Tick {
    TICK;

    /**
     * @param packetId the packet that is due, for people who read the topic
     */
    static Record<byte[], Object> record(String packetId, long nowMillis) {
        Headers headers = new RecordHeaders()
                .add(Topic.TICK_HEADER, Long.toString(nowMillis).getBytes(ISO_8859_1));
        return new Record<>(packetId.getBytes(ISO_8859_1), TICK, nowMillis, headers);
    }

    /** When a tick was sent, by its sender's clock; -1 if it does not say. */
    static long sentAtMillis(Record<?, ?> tick) {
        Header header = tick.headers().lastHeader(Topic.TICK_HEADER);
        if (header == null || header.value() == null) {
            return -1;
        }
        try {
            return Limits.timeOf(Long.parseLong(new String(header.value(), ISO_8859_1)));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Whether a record is a tick. On other topics a null value is unreadable. */
    static boolean is(Record<byte[], byte[]> record, String topic) {
        return record.value() == null
                && record.headers().lastHeader(Topic.TICK_HEADER) != null
                && topic.equals(Topic.GRABS.topicName());
    }
}
