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

/** A record that the pipeline could not read, as it stands on the topic of dead letters: anybody can write there. */
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

    /** Where it was read first; empty if the letter does not say. */
    String topic() {
        return text(DeadLetterHeaders.TOPIC);
    }

    /** Of that topic; -1 if the letter does not say. */
    long partition() {
        return number(DeadLetterHeaders.PARTITION);
    }

    /** In that partition; -1 if the letter does not say. */
    long offset() {
        return number(DeadLetterHeaders.OFFSET);
    }

    /** When it came there. */
    long appendedAtMillis() {
        return number(DeadLetterHeaders.TIMESTAMP);
    }

    String reason() {
        return text(DeadLetterHeaders.REASON);
    }

    /** What is missing of it; empty if it is whole. */
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

    /** The record as it was sent first. Where it goes, its key decides: it may have been in the wrong partition. */
    ProducerRecord<byte[], byte[]> original() {
        return new ProducerRecord<>(topic(), null, null, key(), value(), ownHeaders());
    }

    /** Without those that say why it is here. These are the last of their names: what is before has come with the record. */
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
