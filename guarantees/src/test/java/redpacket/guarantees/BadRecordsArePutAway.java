package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.audit.Violation.Kind;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;

/** Every unreadable record has exactly one dead letter, and no other record has one. */
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
    Map<String, Long> seen(Evidence evidence) {
        return Map.of(
                "audited grabs that cannot be read",
                evidence.report().grabs().unreadable(),
                "audited dead letters",
                evidence.report().deadLetters(),
                "unreadable grabs",
                (long) evidence.history().unreadable(Topic.GRABS).size(),
                "unreadable commands",
                (long) evidence.history().unreadable(Topic.OPENS).size());
    }

    @Override
    void check(Evidence evidence) {
        CommittedRecords history = evidence.history();
        List<String> unreadable = Stream.of(Topic.OPENS, Topic.GRABS)
                .flatMap(topic -> history.unreadable(topic).stream())
                .map(record -> record.topic() + "-" + record.partition() + "@" + record.offset())
                .toList();
        assertThat(history.records(Topic.DEAD_LETTERS))
                .extracting(BadRecordsArePutAway::origin)
                .as("origins of dead letters")
                .containsExactlyInAnyOrderElementsOf(unreadable);
    }

    /** Topic, partition and offset of the record to which a dead letter belongs. */
    static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, DeadLetterHeaders.TOPIC) + "-" + header(letter, DeadLetterHeaders.PARTITION) + "@"
                + header(letter, DeadLetterHeaders.OFFSET);
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }
}
