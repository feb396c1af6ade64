package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;
import redpacket.events.Topic;

class DeadLetterTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final byte[] VALUE = "value".getBytes(UTF_8);

    private static final List<String> ORIGIN = List.of(
            "redpacket.reason=It is broken.",
            "redpacket.topic=redpacket.grabs",
            "redpacket.partition=3",
            "redpacket.offset=47",
            "redpacket.timestamp=1771257611000");

    @Test
    void shouldKeepTheRecordAsItCameWhenItIsOfUsualSize() {
        RecordHeaders own = new RecordHeaders();
        own.add("trace", "abc".getBytes(UTF_8)).add("empty", null);

        Record<byte[], Object> letter = letter(KEY, VALUE, own, 1_771_257_611_000L);

        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(VALUE);
        assertThat(letter.timestamp()).isEqualTo(1_771_257_611_000L);
        assertThat(headersOf(letter).subList(0, 2)).containsExactly("trace=abc", "empty=null");
        assertThat(headersOf(letter).subList(2, 7)).containsExactlyElementsOf(ORIGIN);
        assertThat(headersOf(letter)).hasSize(7);
    }

    @Test
    void shouldKeepNullWhenTheRecordHasNoKeyAndNoValue() {
        Record<byte[], Object> letter = letter(null, null, new RecordHeaders(), 1_771_257_611_000L);

        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(headersOf(letter)).containsExactlyElementsOf(ORIGIN);
    }

    /** The last one counts, so a sender cannot pretend that its record came from somewhere else. */
    @Test
    void shouldAddItsHeadersBehindThoseOfTheRecordWhenNamesAreTheSame() {
        RecordHeaders own = new RecordHeaders();
        own.add("redpacket.topic", "pretended".getBytes(UTF_8));

        Record<byte[], Object> letter = letter(KEY, VALUE, own, 1);

        assertThat(letter.headers().lastHeader("redpacket.topic").value()).isEqualTo("redpacket.grabs".getBytes(UTF_8));
        assertThat(headersOf(letter)).startsWith("redpacket.topic=pretended");
    }

    @Test
    void shouldCutAValueWhenItIsTooLarge() {
        byte[] largest = bytes(DeadLetter.MAX_BYTES);
        assertThat(letter(KEY, largest, new RecordHeaders(), 1).value()).isEqualTo(largest);

        byte[] larger = bytes(DeadLetter.MAX_BYTES + 1);
        Record<byte[], Object> letter = letter(KEY, larger, new RecordHeaders(), 1);

        assertThat(letter.value()).isEqualTo(Arrays.copyOf(larger, DeadLetter.MAX_BYTES));
        assertThat(headersOf(letter)).endsWith("redpacket.cut=value of 1000001 bytes");
    }

    @Test
    void shouldCutAKeyWhenItIsTooLarge() {
        byte[] largest = bytes(DeadLetter.MAX_BYTES / 10);
        assertThat(letter(largest, VALUE, new RecordHeaders(), 1).key()).isEqualTo(largest);

        byte[] larger = bytes(DeadLetter.MAX_BYTES / 10 + 1);
        Record<byte[], Object> letter = letter(larger, VALUE, new RecordHeaders(), 1);

        assertThat(letter.key()).isEqualTo(Arrays.copyOf(larger, DeadLetter.MAX_BYTES / 10));
        assertThat(headersOf(letter)).endsWith("redpacket.cut=key of 100001 bytes");
    }

    @Test
    void shouldLeaveOutTheHeadersWhenTheyAreTooLarge() {
        RecordHeaders largest = new RecordHeaders();
        largest.add("a", bytes(DeadLetter.MAX_BYTES / 4 - 11)).add("b", bytes(DeadLetter.MAX_BYTES / 4 - 11));
        assertThat(letter(KEY, VALUE, largest, 1).headers().toArray()).hasSize(7);

        largest.add("c", null);
        Record<byte[], Object> letter = letter(KEY, VALUE, largest, 1);

        assertThat(letter.headers().headers("a")).isEmpty();
        assertThat(headersOf(letter))
                .startsWith("redpacket.cut=3 headers of 500011 bytes")
                .hasSize(6);
    }

    @Test
    void shouldFitIntoItsTopicWhateverTheRecord() {
        byte[] largestKey = bytes(DeadLetter.MAX_BYTES / 10);
        byte[] largestValue = bytes(DeadLetter.MAX_BYTES);
        // Three bytes for each character.
        assertFits(KEY, VALUE, new RecordHeaders().add("\u7ea2".repeat(490_000), null));
        assertFits(KEY, bytes(900_000), new RecordHeaders().add("\u7ea2".repeat(166_000), null));
        assertFits(KEY, VALUE, many("", 1_048_459));
        assertFits(largestKey, largestValue, many("", 50_000));
        assertFits(largestKey, largestValue, many("ab", 41_000));
        assertFits(bytes(5_000_000), bytes(50_000_000), new RecordHeaders().add("a", bytes(499_000)));
    }

    /** The producer counts so, and refuses what is larger than the topic takes. */
    private static void assertFits(byte[] key, byte[] value, Headers headers) {
        Record<byte[], Object> letter = letter(key, value, headers, Long.MAX_VALUE, "\u7ea2".repeat(100_000));

        int bytes = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                CompressionType.LZ4,
                letter.key(),
                (byte[]) letter.value(),
                letter.headers().toArray());
        assertThat(bytes)
                .isLessThan(Integer.parseInt(Topic.DEAD_LETTERS.settings().get("max.message.bytes")) - 100_000);
    }

    private static RecordHeaders many(String name, int count) {
        Header[] headers = new Header[count];
        Arrays.fill(headers, new RecordHeader(name, (byte[]) null));
        return new RecordHeaders(headers);
    }

    private static Record<byte[], Object> letter(byte[] key, byte[] value, RecordHeaders headers, long timestamp) {
        return letter(key, value, headers, timestamp, "It is broken.");
    }

    private static Record<byte[], Object> letter(
            byte[] key, byte[] value, Headers headers, long timestamp, String reason) {
        RecordMetadata from = new RecordMetadata() {
            @Override
            public String topic() {
                return "redpacket.grabs";
            }

            @Override
            public int partition() {
                return 3;
            }

            @Override
            public long offset() {
                return 47;
            }
        };
        return DeadLetter.unreadable(new Record<>(key, value, timestamp, headers), from, reason);
    }

    private static List<String> headersOf(Record<byte[], Object> letter) {
        return StreamSupport.stream(letter.headers().spliterator(), false)
                .map(header ->
                        header.key() + "=" + (header.value() == null ? "null" : new String(header.value(), UTF_8)))
                .toList();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
