package redpacket.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;

/** A record of the dead letter topic. Its headers may be wrong, since other programs may write to that topic. */
final class DeadLetter {
    private static final Set<String> OURS = Set.of(
            DeadLetterHeaders.REASON,
            DeadLetterHeaders.FAILURE,
            DeadLetterHeaders.TOPIC,
            DeadLetterHeaders.PARTITION,
            DeadLetterHeaders.OFFSET,
            DeadLetterHeaders.TIMESTAMP);

    private static final int NONE = -1;

    private final ConsumerRecord<byte[], byte[]> letter;
    private final boolean sentBack;

    /** @param sentBack whether a mark says that this letter was sent back */
    DeadLetter(ConsumerRecord<byte[], byte[]> letter, boolean sentBack) {
        this.letter = letter;
        this.sentBack = sentBack;
    }

    /** The offset of the letter that a record marks as sent back; negative if the record is a letter itself. */
    static long markedBy(ConsumerRecord<byte[], byte[]> record) {
        Header mark = record.headers().lastHeader(Topic.SENT_BACK_HEADER);
        // A letter may have the header of a mark from the record that was put away.
        boolean isMark = mark != null && record.headers().lastHeader(DeadLetterHeaders.REASON) == null;
        return isMark ? number(text(mark)) : NONE;
    }

    boolean wasSentBack() {
        return sentBack;
    }

    /** The topic of the original record; empty if the letter does not say. */
    String topic() {
        return text(DeadLetterHeaders.TOPIC);
    }

    /** The partition of the original record; -1 if the letter does not say. */
    long partition() {
        return number(text(DeadLetterHeaders.PARTITION));
    }

    /** The offset of the original record; -1 if the letter does not say. */
    long offset() {
        return number(text(DeadLetterHeaders.OFFSET));
    }

    /** When the original record was appended. */
    long appendedAtMillis() {
        return number(text(DeadLetterHeaders.TIMESTAMP));
    }

    String reason() {
        return text(DeadLetterHeaders.REASON);
    }

    /** The part of the record that was cut off; empty if the record is complete. */
    String cut() {
        return text(DeadLetterHeaders.CUT);
    }

    byte[] key() {
        return letter.key();
    }

    byte[] value() {
        return letter.value();
    }

    boolean isFromInput() {
        return topic().equals(Topic.OPENS.topicName()) || topic().equals(Topic.GRABS.topicName());
    }

    String origin() {
        return topic() + "-" + partition() + "@" + offset();
    }

    /** The record as it was first sent. Its key decides the partition, because the original partition may be wrong. */
    ProducerRecord<byte[], byte[]> original() {
        return new ProducerRecord<>(topic(), null, null, key(), value(), ownHeaders());
    }

    /** Marks this letter as sent back. */
    ProducerRecord<byte[], byte[]> mark() {
        ProducerRecord<byte[], byte[]> mark = new ProducerRecord<>(letter.topic(), letter.partition(), null, null);
        mark.headers()
                .add(Topic.SENT_BACK_HEADER, Long.toString(letter.offset()).getBytes(UTF_8));
        return mark;
    }

    /**
     * The headers of the original record. The pipeline appended its own headers after them, possibly with equal names.
     */
    List<Header> ownHeaders() {
        List<Header> own = new ArrayList<>();
        Set<String> ours = new HashSet<>(OURS);
        Header[] all = letter.headers().toArray();
        for (int i = all.length - 1; i >= 0; i--) {
            if (!ours.remove(all[i].key())) {
                own.add(0, all[i]);
            }
        }
        return own;
    }

    private String text(String name) {
        return text(letter.headers().lastHeader(name));
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return NONE;
        }
    }
}
