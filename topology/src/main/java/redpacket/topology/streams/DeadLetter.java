package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import redpacket.events.DeadLetterHeaders;

/** A copy of an unreadable record, with headers that give the reason and the origin. */
final class DeadLetter {
    /**
     * Most bytes of a value that are copied; a key may have a tenth of it, all headers together half of it. A
     * compressed record of one megabyte may hold much more than the topic of dead letters takes. A dead letter that the
     * broker refuses would stop its partition for good.
     */
    static final int MAX_BYTES = 1_000_000;

    private DeadLetter() {}

    static Record<byte[], Object> of(Record<byte[], byte[]> record, RecordMetadata from, String reason) {
        Headers headers = new RecordHeaders();
        if (bytesOf(record.headers()) <= MAX_BYTES / 2) {
            record.headers().forEach(headers::add);
        } else {
            add(headers, DeadLetterHeaders.CUT, "headers");
        }
        add(headers, DeadLetterHeaders.REASON, reason);
        add(headers, DeadLetterHeaders.TOPIC, from.topic());
        add(headers, DeadLetterHeaders.PARTITION, Integer.toString(from.partition()));
        add(headers, DeadLetterHeaders.OFFSET, Long.toString(from.offset()));
        add(headers, DeadLetterHeaders.TIMESTAMP, Long.toString(record.timestamp()));
        byte[] key = limited(record.key(), MAX_BYTES / 10, "key", headers);
        byte[] value = limited(record.value(), MAX_BYTES, "value", headers);
        return new Record<>(key, value, record.timestamp(), headers);
    }

    private static byte[] limited(byte[] bytes, int most, String what, Headers headers) {
        if (bytes == null || bytes.length <= most) {
            return bytes;
        }
        add(headers, DeadLetterHeaders.CUT, what + " of " + bytes.length + " bytes");
        return Arrays.copyOf(bytes, most);
    }

    private static long bytesOf(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
