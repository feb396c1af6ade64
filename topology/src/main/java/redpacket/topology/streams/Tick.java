package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import redpacket.events.Topic;

/**
 * The value of a record on the topic of grabs that only advances the log time. Its content decides nothing; the time at
 * which the broker appends it does.
 */
enum Tick {
    TICK;

    /**
     * @param packetId the packet that is due, for people who read the topic
     */
    static Record<byte[], Object> record(String packetId, long nowMillis) {
        Headers headers = new RecordHeaders().add(Topic.TICK_HEADER, new byte[0]);
        return new Record<>(packetId.getBytes(ISO_8859_1), TICK, nowMillis, headers);
    }

    /** Whether a record is a tick. On other topics a null value is unreadable. */
    static boolean is(Record<byte[], byte[]> record, String topic) {
        return record.value() == null
                && record.headers().lastHeader(Topic.TICK_HEADER) != null
                && topic.equals(Topic.GRABS.topicName());
    }
}
