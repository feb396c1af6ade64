package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.audit.Violation.Kind;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;

/** Every record that cannot be read has exactly one dead letter, and no other record has one. */
final class BadRecordsArePutAway extends Guarantee {
    BadRecordsArePutAway() {
        super(
                Kind.MISSING_DEAD_LETTER,
                Kind.REPEATED_DEAD_LETTER,
                Kind.FALSE_DEAD_LETTER,
                Kind.ALTERED_DEAD_LETTER,
                Kind.LOST_DEAD_LETTER);
    }

    @Override
    void assertKept(CommittedRecords history) {
        assertThat(history.records(Topic.DEAD_LETTERS).stream()
                        .filter(letter ->
                                header(letter, DeadLetterHeaders.TOPIC).equals(Topic.GRABS.topicName()))
                        .map(letter -> header(letter, DeadLetterHeaders.PARTITION) + "@"
                                + header(letter, DeadLetterHeaders.OFFSET))
                        .sorted())
                .containsExactlyElementsOf(history.records(Topic.GRABS).stream()
                        .filter(record -> !CommittedRecords.isTick(record))
                        .filter(record -> CommittedRecords.grab(record).isEmpty())
                        .map(record -> record.partition() + "@" + record.offset())
                        .sorted()
                        .toList());
    }

    static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }
}
