package redpacket.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import redpacket.audit.Violation.Kind;
import redpacket.events.Counters;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/** The statistics topic: the last counters of every window of every scope. */
final class PublishedCounters {
    private record Published(WindowStats stats, int partition, long offset) {}

    private final Consumer<byte[], byte[]> consumer;
    private final LongConsumer read;
    private final Findings findings;

    /** The next offset to read of each partition. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    private final Map<String, Published> lastByKey = new TreeMap<>();

    /** Whether retention has removed nothing from the topic. */
    private boolean whole = true;

    PublishedCounters(
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
            whole &= log.begin() == from;
            for (var record = log.next(); record != null; record = log.next()) {
                take(record);
            }
            return log.position();
        });
    }

    /** The length of every window; 0 when there are none, or when their lengths differ. */
    long windowMillis() {
        long[] lengths = lastByKey.values().stream()
                .mapToLong(published -> published.stats().windowMillis())
                .distinct()
                .toArray();
        return lengths.length == 1 ? lengths[0] : 0;
    }

    boolean isEmpty() {
        return lastByKey.isEmpty();
    }

    /** The newest revision of every window. */
    List<WindowStats> newest() {
        return lastByKey.values().stream().map(Published::stats).toList();
    }

    boolean agreesWith(Map<String, Counters> recounted, long fromMillis) {
        return keys(recounted).stream().allMatch(key -> isRight(key, recounted, fromMillis));
    }

    /**
     * Notes the windows that differ from the recount.
     *
     * @param fromMillis windows that start earlier are left out
     * @return the number of windows compared
     */
    long compare(Map<String, Counters> recounted, long fromMillis) {
        long compared = 0;
        for (String key : keys(recounted)) {
            if (isExpected(key, fromMillis)) {
                compared++;
            }
            if (isRight(key, recounted, fromMillis)) {
                continue;
            }
            Published last = lastByKey.get(key);
            Counters right = recounted.getOrDefault(key, Counters.NONE);
            if (last == null) {
                // No record shows a missing window.
                findings.add(
                        Kind.WRONG_COUNT, Topic.STATS.topicName(), -1, -1, null, key + " is missing: " + right + ".");
            } else {
                findings.add(
                        Kind.WRONG_COUNT,
                        Topic.STATS.topicName(),
                        last.partition(),
                        last.offset(),
                        null,
                        key + " should be " + right + ", but is " + last.stats().counters() + ".");
            }
        }
        return compared;
    }

    private Set<String> keys(Map<String, Counters> recounted) {
        TreeSet<String> keys = new TreeSet<>(lastByKey.keySet());
        keys.addAll(recounted.keySet());
        return keys;
    }

    private boolean isRight(String key, Map<String, Counters> recounted, long fromMillis) {
        Published last = lastByKey.get(key);
        Counters said = last == null ? Counters.NONE : last.stats().counters();
        return !isExpected(key, fromMillis) || said.equals(recounted.getOrDefault(key, Counters.NONE));
    }

    private boolean isExpected(String key, long fromMillis) {
        long windowStartMillis = Long.parseLong(key.substring(key.lastIndexOf('@') + 1));
        return windowStartMillis >= fromMillis && (whole || lastByKey.containsKey(key));
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        WindowStats stats;
        try {
            stats = Json.readStats(record.value());
            Inputs.requireKey(record, stats.key());
        } catch (InvalidEventException e) {
            findings.add(Kind.UNREADABLE_ANSWER, record, null, e.getMessage());
            return;
        }
        Published before = lastByKey.put(stats.key(), new Published(stats, record.partition(), record.offset()));
        if (before == null || before.stats().windowMillis() != stats.windowMillis()) {
            // A window of another length with the same start.
            return;
        }
        if (stats.revision() <= before.stats().revision()) {
            findings.add(
                    Kind.STALE_REVISION,
                    record,
                    null,
                    stats.key() + " has revision " + stats.revision() + " after revision "
                            + before.stats().revision() + ".");
        }
        if (before.stats().closed() && !stats.closed()) {
            findings.add(Kind.WINDOW_REOPENED, record, null, stats.key() + " was closed before.");
        }
    }
}
