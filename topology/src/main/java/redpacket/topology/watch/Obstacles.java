package redpacket.topology.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.utils.Utils;
import redpacket.clients.Topics;

/**
 * What in Kafka can hold up a whole group: wrong topics, a transaction that is open on a changelog, so that a store is
 * restored for ever, and offsets that are committed in a transaction which does not end. Each is a sentence. The
 * questions cost time, so they are asked only about a group that stands.
 */
final class Obstacles {
    /** Transactions of the topology itself last for 10 s at most, plus 10 s until the broker looks. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Admin admin;
    private final String group;
    private final String bootstrapServers;
    private final Duration longTime;

    /** Where changelogs end for readers of committed records although they go on, and since when. */
    private Map<TopicPartition, Seen> hidden = Map.of();

    private record Seen(long stableEnd, long sinceNanos) {}

    Obstacles(Admin admin, String group, String bootstrapServers) {
        this(admin, group, bootstrapServers, LONG);
    }

    /**
     * @param longTime from which on a transaction on a changelog is an obstacle
     */
    Obstacles(Admin admin, String group, String bootstrapServers, Duration longTime) {
        this.admin = admin;
        this.group = group;
        this.bootstrapServers = bootstrapServers;
        this.longTime = longTime;
    }

    List<String> find() throws InterruptedException, ExecutionException {
        List<String> found = new ArrayList<>();
        try {
            found.addAll(Topics.check(admin, group));
        } catch (KafkaException e) {
            found.add("the topics cannot be checked: " + e.getMessage());
        }
        found.addAll(told(OpenTransaction.oldest(admin, longHidden()).values()));
        if (!hasStableOffsets()) {
            found.add("a transaction that has not ended holds the committed offsets of the group");
            found.addAll(told(onOffsets()));
        }
        return found;
    }

    /** Sentences about transactions, each with the command that ends it. */
    List<String> told(Collection<OpenTransaction> open) {
        return open.stream()
                .map(transaction -> "%s. If its producer is gone, end it: %s"
                        .formatted(transaction, transaction.commandThatEndsIt(bootstrapServers)))
                .toList();
    }

    private List<TopicPartition> longHidden() throws ExecutionException, InterruptedException {
        List<TopicPartition> changelogs = changelogs(admin, group);
        Map<TopicPartition, Long> ends =
                Looks.offsets(admin, changelogs, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> stableEnds =
                Looks.offsets(admin, changelogs, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        long now = System.nanoTime();
        Map<TopicPartition, Seen> seen = new HashMap<>();
        stableEnds.forEach((partition, stableEnd) -> {
            if (stableEnd < ends.get(partition)) {
                Seen before = hidden.get(partition);
                seen.put(
                        partition,
                        before != null && before.stableEnd() == stableEnd ? before : new Seen(stableEnd, now));
            }
        });
        hidden = seen;
        return seen.entrySet().stream()
                .filter(entry -> now - entry.getValue().sinceNanos() >= longTime.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    static List<TopicPartition> changelogs(Admin admin, String group) throws ExecutionException, InterruptedException {
        Set<String> topics = admin.listTopics().names().get();
        List<TopicPartition> partitions = new ArrayList<>();
        admin.describeTopics(topics.stream()
                        .filter(topic -> topic.startsWith(group + "-") && topic.endsWith("-changelog"))
                        .toList())
                .allTopicNames()
                .get()
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition()))));
        return partitions;
    }

    /**
     * A task starts only when its committed offsets are stable. Until then Kafka Streams waits, and logs nothing. The
     * admin client omits partitions whose offsets are not stable.
     */
    private boolean hasStableOffsets() throws ExecutionException, InterruptedException {
        List<TopicPartition> inputs = Looks.inputs(admin);
        return admin.listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(inputs)),
                        new ListConsumerGroupOffsetsOptions().requireStable(true))
                .partitionsToOffsetAndMetadata(group)
                .get()
                .keySet()
                .containsAll(inputs);
    }

    private Collection<OpenTransaction> onOffsets() throws ExecutionException, InterruptedException {
        try {
            return OpenTransaction.oldest(admin, List.of(offsetsPartition(admin, group)))
                    .values();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return List.of(); // The topology needs no right to read that topic otherwise.
            }
            throw e;
        }
    }

    /** The partition of Kafka's own topic that holds the offsets of the group. */
    static TopicPartition offsetsPartition(Admin admin, String group) throws ExecutionException, InterruptedException {
        int partitions = admin.describeTopics(List.of(Topic.GROUP_METADATA_TOPIC_NAME))
                .allTopicNames()
                .get()
                .get(Topic.GROUP_METADATA_TOPIC_NAME)
                .partitions()
                .size();
        return new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, Utils.abs(group.hashCode()) % partitions);
    }
}
