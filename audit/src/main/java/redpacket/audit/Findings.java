package redpacket.audit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import redpacket.audit.Violation.Kind;

/** Collects violations: counts all, and keeps the first few of each kind. */
final class Findings {
    private final int examplesPerKind;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, List<Violation>> examples = new EnumMap<>(Kind.class);

    Findings(int examplesPerKind) {
        this.examplesPerKind = examplesPerKind;
    }

    void add(Kind kind, ConsumerRecord<?, ?> shownBy, String packetId, String sentence) {
        add(kind, shownBy.topic(), shownBy.partition(), shownBy.offset(), packetId, sentence);
    }

    void add(Kind kind, String topic, int partition, long offset, String packetId, String sentence) {
        counts.merge(kind, 1L, Long::sum);
        List<Violation> kept = examples.computeIfAbsent(kind, none -> new ArrayList<>());
        if (kept.size() < examplesPerKind) {
            kept.add(new Violation(kind, topic, partition, offset, packetId, sentence));
        }
    }

    /** Adds the violations of other findings. */
    void addAll(Findings others) {
        others.counts.forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        others.examples.forEach((kind, more) -> {
            List<Violation> kept = examples.computeIfAbsent(kind, none -> new ArrayList<>());
            more.stream().limit(examplesPerKind - kept.size()).forEach(kept::add);
        });
    }

    Map<Kind, Long> counts() {
        return counts;
    }

    List<Violation> examples() {
        return examples.values().stream().flatMap(List::stream).toList();
    }
}
