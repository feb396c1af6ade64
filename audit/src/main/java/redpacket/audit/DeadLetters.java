package redpacket.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import redpacket.audit.Violation.Kind;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Topic;

/** Matches the records of the dead letter topic with the unreadable records of the inputs. */
final class DeadLetters {
    /**
     * Content that was cut because of its size is not compared.
     *
     * @param isOfFailure whether the pipeline failed at the record, which is readable
     */
    private record Letter(
            int partition, long offset, String topic, int contentHash, boolean isCut, boolean isOfFailure) {}

    private record Unreadable(long offset, int contentHash, String why) {}

    private final Consumer<byte[], byte[]> consumer;
    private final LongConsumer read;
    private final Findings findings;

    /** The next offset to read, by partition of the dead letter topic. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Letters by the partition of the original record, then by its offset. */
    private final Map<TopicPartition, Map<Long, Letter>> letters = new HashMap<>();

    private final Map<TopicPartition, Map<Long, Unreadable>> expected = new HashMap<>();

    /** Partitions that were judged. Later letters from them concern records after the audited ones. */
    private final Set<TopicPartition> judged = new HashSet<>();

    private long count;

    DeadLetters(
            Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Findings findings, LongConsumer read) {
        this.consumer = consumer;
        this.findings = findings;
        this.read = read;
        partitions.forEach(partition -> positions.put(partition, 0L));
    }

    /** Reads the records that were committed since the last call. */
    void readOn() {
        positions.replaceAll((partition, from) -> {
            CommittedLog log = new CommittedLog(consumer, partition, from, read);
            for (var letter = log.next(); letter != null; letter = log.next()) {
                file(letter);
            }
            return log.position();
        });
    }

    long count() {
        return count;
    }

    /** Notes an unreadable record, which needs a dead letter. */
    void expect(ConsumerRecord<byte[], byte[]> record, String why) {
        of(expected, record.topic(), record.partition())
                .put(record.offset(), new Unreadable(record.offset(), contentHash(record), why));
    }

    /** Whether a dead letter is missing for a record of this partition before the due end. */
    boolean lacks(TopicPartition origin, long dueEnd) {
        Map<Long, Letter> arrived = letters.getOrDefault(origin, Map.of());
        return expected.getOrDefault(origin, Map.of()).keySet().stream()
                .anyMatch(offset -> offset < dueEnd && !arrived.containsKey(offset));
    }

    /** Whether a letter says that the pipeline failed at a readable record, and so put it away instead of answering. */
    boolean tellOfFailure(TopicPartition origin, long offset) {
        Letter letter = letters.getOrDefault(origin, Map.of()).get(offset);
        return letter != null && letter.isOfFailure();
    }

    /** Accepts the letter of a record at which the pipeline failed. */
    void accept(TopicPartition origin, long offset) {
        of(letters, origin.topic(), origin.partition()).remove(offset);
    }

    /** Judges the letters of a partition that was read completely. */
    void judge(Inputs<?> inputs, long dueEnd) {
        TopicPartition origin = inputs.partition();
        Map<Long, Letter> arrived = of(letters, origin.topic(), origin.partition());
        for (Unreadable unreadable :
                of(expected, origin.topic(), origin.partition()).values()) {
            Letter letter = arrived.remove(unreadable.offset());
            if (letter == null && unreadable.offset() < dueEnd) {
                findings.add(
                        Kind.MISSING_DEAD_LETTER,
                        origin.topic(),
                        origin.partition(),
                        unreadable.offset(),
                        null,
                        "This record cannot be read (" + unreadable.why() + "), but no dead letter says so.");
            } else if (letter != null && !letter.isCut() && letter.contentHash() != unreadable.contentHash()) {
                add(
                        Kind.ALTERED_DEAD_LETTER,
                        letter,
                        "Key and value are not those of " + origin + "@" + unreadable.offset() + ".");
            }
        }
        arrived.forEach((offset, letter) -> {
            if (inputs.hasRead(offset)) {
                add(Kind.FALSE_DEAD_LETTER, letter, "There is nothing wrong at " + origin + "@" + offset + ".");
            } else if (!inputs.reaches(offset)) {
                add(Kind.FALSE_DEAD_LETTER, letter, "There is no record at " + origin + "@" + offset + ".");
            }
        });
        expected.remove(origin);
        letters.remove(origin);
        judged.add(origin);
    }

    /** Judges letters that name a partition which does not exist. Call it after all inputs were judged. */
    void judgeRest() {
        letters.forEach((origin, strays) -> strays.values()
                .forEach(letter -> add(
                        Kind.LOST_DEAD_LETTER, letter, "It claims to come from " + origin + ", which is no input.")));
    }

    private void file(ConsumerRecord<byte[], byte[]> letter) {
        if (isMarkOfRedrive(letter)) {
            return;
        }
        count++;
        String topic = header(letter, DeadLetterHeaders.TOPIC);
        try {
            int partition = Integer.parseInt(header(letter, DeadLetterHeaders.PARTITION));
            long offset = Long.parseLong(header(letter, DeadLetterHeaders.OFFSET));
            if (judged.contains(new TopicPartition(topic, partition))) {
                return;
            }
            Letter earlier = of(letters, topic, partition)
                    .putIfAbsent(
                            offset,
                            new Letter(
                                    letter.partition(),
                                    letter.offset(),
                                    letter.topic(),
                                    contentHash(letter),
                                    !header(letter, DeadLetterHeaders.CUT).isEmpty(),
                                    !header(letter, DeadLetterHeaders.FAILURE).isEmpty()));
            if (earlier != null) {
                findings.add(
                        Kind.REPEATED_DEAD_LETTER,
                        letter,
                        null,
                        topic + "-" + partition + "@" + offset + " has a dead letter already.");
            }
        } catch (NumberFormatException e) {
            findings.add(Kind.LOST_DEAD_LETTER, letter, null, "Its headers do not say where it comes from.");
        }
    }

    private static boolean isMarkOfRedrive(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(Topic.SENT_BACK_HEADER) != null
                && record.headers().lastHeader(DeadLetterHeaders.REASON) == null;
    }

    private void add(Kind kind, Letter letter, String sentence) {
        findings.add(kind, letter.topic(), letter.partition(), letter.offset(), null, sentence);
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static int contentHash(ConsumerRecord<byte[], byte[]> record) {
        return 31 * Arrays.hashCode(record.key()) + Arrays.hashCode(record.value());
    }

    private static <V> Map<Long, V> of(Map<TopicPartition, Map<Long, V>> map, String topic, int partition) {
        return map.computeIfAbsent(new TopicPartition(topic, partition), none -> new TreeMap<>());
    }
}
