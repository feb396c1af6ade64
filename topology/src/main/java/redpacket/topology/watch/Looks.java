package redpacket.topology.watch;

import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import redpacket.clients.KafkaAddress;
import redpacket.events.Topic;

/** Takes looks at the input partitions of a consumer group. For one thread. */
final class Looks implements AutoCloseable {
    /** For each question to Kafka. */
    static final int TIMEOUT_MILLIS = 5_000;

    private static final List<String> INPUTS =
            List.of(Topic.OPENS.topicName(), Topic.GRABS.topicName(), Topic.STATS_DELTAS.topicName());

    /**
     * The most that one look adds to the time for which a partition stands. While this process sleeps or Kafka does not
     * answer, partitions may well go on.
     */
    private static final Duration MOST_PER_LOOK = Duration.ofSeconds(3);

    private final String group;
    private final Admin admin;
    private final FirstRecords committedRecords;
    private final FirstRecords allRecords;

    /** Empty until Kafka has answered. */
    private List<TopicPartition> partitions = List.of();

    private Map<TopicPartition, InputLook> last = Map.of();

    /** Up to which offset the tail of a partition was seen to hold no record. */
    private final Map<TopicPartition, Long> emptyUpTo = new HashMap<>();

    private long takenNanos = System.nanoTime();

    /** Kafka's answers to the questions of one look. */
    private record Offsets(
            Map<TopicPartition, Long> ends, Map<TopicPartition, Long> stableEnds, Map<TopicPartition, Long> committed) {

        Optional<FirstRecords.Range> decidable(TopicPartition partition) {
            return range(committed.get(partition), stableEnds.get(partition));
        }

        Optional<FirstRecords.Range> hidden(TopicPartition partition) {
            return range(Math.max(committed.get(partition), stableEnds.get(partition)), ends.get(partition));
        }

        private static Optional<FirstRecords.Range> range(long from, long end) {
            return from < end ? Optional.of(new FirstRecords.Range(from, end)) : Optional.empty();
        }
    }

    Looks(KafkaAddress kafka, String group, Admin admin) {
        this.group = group;
        this.admin = admin;
        this.committedRecords = new FirstRecords(kafka, IsolationLevel.READ_COMMITTED);
        this.allRecords = new FirstRecords(kafka, IsolationLevel.READ_UNCOMMITTED);
    }

    /**
     * Takes a look.
     *
     * @throws ExecutionException if Kafka does not answer, or refuses
     */
    Map<TopicPartition, InputLook> take() throws ExecutionException, InterruptedException {
        if (partitions.isEmpty()) {
            partitions = inputs(admin);
        }
        Offsets offsets = offsets();
        Map<TopicPartition, Optional<InputLook.First>> waiting = waiting(offsets);
        long now = System.nanoTime();
        Duration passed = Duration.ofNanos(Math.min(now - takenNanos, MOST_PER_LOOK.toNanos()));
        takenNanos = now;
        last = partitions.stream()
                .collect(toMap(
                        Function.identity(),
                        partition ->
                                look(partition, offsets, waiting.getOrDefault(partition, Optional.empty()), passed)));
        return last;
    }

    /** The partitions of all input topics. */
    static List<TopicPartition> inputs(Admin admin) throws ExecutionException, InterruptedException {
        List<TopicPartition> found = new ArrayList<>();
        admin.describeTopics(INPUTS).allTopicNames().get().forEach((topic, description) -> description
                .partitions()
                .forEach(partition -> found.add(new TopicPartition(topic, partition.partition()))));
        return found;
    }

    /** First the committed offsets, so that a partition that goes on is never seen to be ahead of its end. */
    private Offsets offsets() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        List<TopicPartition> uncommitted = partitions.stream()
                .filter(partition -> committed.get(partition) == null)
                .toList();
        Map<TopicPartition, Long> from =
                new HashMap<>(offsets(admin, uncommitted, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED));
        partitions.forEach(partition ->
                from.computeIfAbsent(partition, known -> committed.get(known).offset()));
        // A record that comes in between is then taken for decidable, and not for hidden by a transaction.
        Map<TopicPartition, Long> ends =
                offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stableEnds =
                offsets(admin, partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        return new Offsets(ends, stableEnds, from);
    }

    static Map<TopicPartition, Long> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation)
            throws ExecutionException, InterruptedException {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, ListOffsetsResultInfo> found = admin.listOffsets(
                        partitions.stream().collect(toMap(Function.identity(), partition -> which)),
                        new ListOffsetsOptions(isolation))
                .all()
                .get();
        return found.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Records are read only where the group has not even decided what the last look saw. */
    private Map<TopicPartition, Optional<InputLook.First>> waiting(Offsets offsets) {
        Map<TopicPartition, FirstRecords.Range> decidable = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (!hasDecidedLastLook(partition, offsets)) {
                offsets.decidable(partition)
                        .filter(range -> range.end() > emptyUpTo.getOrDefault(partition, 0L))
                        .ifPresent(range -> decidable.put(partition, range));
            }
        }
        Map<TopicPartition, Optional<InputLook.First>> waiting = read(committedRecords, decidable);
        waiting.forEach((partition, first) -> {
            if (first.isEmpty()) {
                emptyUpTo.put(partition, decidable.get(partition).end());
            }
        });
        waiting.values().removeIf(Optional::isEmpty);

        Map<TopicPartition, FirstRecords.Range> hidden = new HashMap<>();
        for (TopicPartition partition : partitions) {
            if (!waiting.containsKey(partition)) {
                offsets.hidden(partition).ifPresent(range -> hidden.put(partition, range));
            }
        }
        waiting.putAll(read(allRecords, hidden));
        return waiting;
    }

    /** What takes too long to read waits as it did before. */
    private Map<TopicPartition, Optional<InputLook.First>> read(
            FirstRecords records, Map<TopicPartition, FirstRecords.Range> ranges) {
        Map<TopicPartition, Optional<InputLook.First>> found = new HashMap<>(records.of(ranges));
        ranges.forEach((partition, range) -> found.computeIfAbsent(
                partition, unread -> waitedBefore(partition).filter(first -> first.offset() >= range.from())));
        return found;
    }

    private boolean hasDecidedLastLook(TopicPartition partition, Offsets offsets) {
        InputLook before = last.get(partition);
        return before != null
                && offsets.committed().get(partition) > before.committed()
                && offsets.committed().get(partition) >= before.end();
    }

    private Optional<InputLook.First> waitedBefore(TopicPartition partition) {
        return Optional.ofNullable(last.get(partition)).flatMap(InputLook::waiting);
    }

    private InputLook look(
            TopicPartition partition, Offsets offsets, Optional<InputLook.First> waiting, Duration passed) {
        InputLook before = last.get(partition);
        long stableEnd = offsets.stableEnds().get(partition);
        long end = Math.max(stableEnd, offsets.ends().get(partition));
        long committed = offsets.committed().get(partition);
        boolean stands = before != null && waiting.isPresent() && waiting.equals(before.waiting());
        boolean isStill = before != null && committed == before.committed();
        boolean isEmpty = waiting.isEmpty() && emptyUpTo.getOrDefault(partition, 0L) >= stableEnd;
        return new InputLook(
                partition,
                end,
                stableEnd,
                committed,
                isEmpty ? 0 : Math.max(0, end - committed),
                waiting,
                stands ? before.standing().plus(passed) : Duration.ZERO,
                isStill ? before.still().plus(passed) : Duration.ZERO);
    }

    /** Looks for the partitions again, as the topics may be others now. */
    void forgetPartitions() {
        partitions = List.of();
    }

    @Override
    public void close() {
        committedRecords.close();
        allRecords.close();
    }
}
