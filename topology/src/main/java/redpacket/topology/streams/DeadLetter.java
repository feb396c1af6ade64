package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import redpacket.events.DeadLetterHeaders;

/** A copy of a record that was put away, with headers that give the reason and the origin. */
final class DeadLetter {
    /**
     * Most bytes of a value that are copied; a key may have a tenth of it, all headers together half of it. All of
     * these with the headers below are less than the topic of dead letters takes. A dead letter that the broker refuses
     * would stop its partition for good.
     */
    static final int MAX_BYTES = 1_000_000;

    /** Characters of a reason. It may quote the record, or come from any exception. */
    private static final int MAX_REASON_LENGTH = 1_000;

    /** A header has the lengths of its name and its value, each of up to 5 bytes, before these. */
    private static final int MAX_LENGTH_BYTES = 10;

    private DeadLetter() {}

    /** Of a record that is no event. */
    static Record<byte[], Object> unreadable(Record<byte[], byte[]> record, RecordMetadata from, String reason) {
        return of(record, from, reason, null);
    }

    /** Of a record at which the pipeline failed again and again. */
    static Record<byte[], Object> failed(Record<byte[], byte[]> record, RecordMetadata from, String failure) {
        String reason = "the pipeline failed twice at this record; send it back when the cause is mended: " + failure;
        return of(record, from, reason, failure);
    }

    private static Record<byte[], Object> of(
            Record<byte[], byte[]> record, RecordMetadata from, String reason, String failureOrNull) {
        Headers headers = new RecordHeaders();
        long headerBytes = bytesOf(record.headers());
        if (headerBytes <= MAX_BYTES / 2) {
            record.headers().forEach(headers::add);
        } else {
            int count = record.headers().toArray().length;
            add(headers, DeadLetterHeaders.CUT, count + " headers of " + headerBytes + " bytes");
        }
        add(headers, DeadLetterHeaders.REASON, limited(reason));
        if (failureOrNull != null) {
            add(headers, DeadLetterHeaders.FAILURE, limited(failureOrNull));
        }
        add(headers, DeadLetterHeaders.TOPIC, from.topic());
        add(headers, DeadLetterHeaders.PARTITION, Integer.toString(from.partition()));
        add(headers, DeadLetterHeaders.OFFSET, Long.toString(from.offset()));
        add(headers, DeadLetterHeaders.TIMESTAMP, Long.toString(record.timestamp()));
        byte[] key = limited(record.key(), MAX_BYTES / 10, "key", headers);
        byte[] value = limited(record.value(), MAX_BYTES, "value", headers);
        return new Record<>(key, value, record.timestamp(), headers);
    }

    private static String limited(String text) {
        return text.length() <= MAX_REASON_LENGTH ? text : text.substring(0, MAX_REASON_LENGTH) + "...";
    }

    private static byte[] limited(byte[] bytes, int most, String what, Headers headers) {
        if (bytes == null || bytes.length <= most) {
            return bytes;
        }
        add(headers, DeadLetterHeaders.CUT, what + " of " + bytes.length + " bytes");
        return Arrays.copyOf(bytes, most);
    }

    /** At least as many as the producer counts. */
    private static long bytesOf(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += MAX_LENGTH_BYTES
                    + Utils.utf8Length(header.key())
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
