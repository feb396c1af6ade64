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
            DeadLetterHeaders.TOPIC,
            DeadLetterHeaders.PARTITION,
            DeadLetterHeaders.OFFSET,
            DeadLetterHeaders.TIMESTAMP);

    private final ConsumerRecord<byte[], byte[]> letter;

    DeadLetter(ConsumerRecord<byte[], byte[]> letter) {
        this.letter = letter;
    }

    /** The topic of the original record; empty if the letter does not say. */
    String topic() {
        return text(DeadLetterHeaders.TOPIC);
    }

    /** The partition of the original record; -1 if the letter does not say. */
    long partition() {
        return number(DeadLetterHeaders.PARTITION);
    }

    /** The offset of the original record; -1 if the letter does not say. */
    long offset() {
        return number(DeadLetterHeaders.OFFSET);
    }

    /** When the original record was appended. */
    long appendedAtMillis() {
        return number(DeadLetterHeaders.TIMESTAMP);
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
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    private long number(String name) {
        try {
            return Long.parseLong(text(name));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
