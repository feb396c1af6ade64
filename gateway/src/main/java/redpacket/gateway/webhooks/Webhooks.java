package redpacket.gateway.webhooks;

import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.events.InvalidEventException;
import redpacket.events.Topic;
import redpacket.reader.ReadCommitted;
import redpacket.service.Health;
import redpacket.service.Metrics;

/**
 * Reads awards and packet events, and delivers them through a {@link Lane} for each partition. The committed offsets of
 * the consumer group are the position: what is before them is delivered. So nothing is lost when the process dies, and
 * what was delivered since the last commit comes again.
 *
 * <p>All methods but {@link #health} belong to one thread.
 */
final class Webhooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    /** A partition with this many waiting events is paused, so a slow receiver costs no memory. */
    private static final int MOST_WAITING = 1_000;

    private static final int RESUME_BELOW = MOST_WAITING / 2;

    private static final Duration POLL = Duration.ofMillis(100);

    /** What was delivered since then comes again after a crash. */
    private static final Duration COMMIT_EVERY = Duration.ofMillis(500);

    private static final Duration RETRY_BACKOFF = Duration.ofSeconds(1);
    private static final int KAFKA_PATIENCE_MILLIS = 10_000;

    /** A consumer sends a heartbeat every 3 s. */
    private static final Duration KAFKA_SILENT = Duration.ofSeconds(15);

    /** A receiver that is further behind is told by health. */
    private static final Duration BEHIND = Duration.ofMinutes(1);

    private final Settings settings;
    private final Receiver receiver;
    private final Counter lost;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "webhook-retries");
        thread.setDaemon(true);
        return thread;
    });
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private long committedNanos = System.nanoTime();
    private volatile String waitsFor = "joining the consumer group";

    /**
     * What is delivered.
     *
     * @param topics {@link Topic#AWARDS}, {@link Topic#PACKETS} or both. All processes of a group have the same
     * @param groupId the consumer group. Receivers with different groups get the events independently
     * @param mostEvents of a request
     */
    record Settings(KafkaAddress kafka, Set<Topic> topics, String groupId, int mostEvents) {}

    /** @param metrics the webhooks register their metrics here; the caller closes it */
    Webhooks(Settings settings, Receiver receiver, Metrics metrics) {
        this.settings = settings;
        this.receiver = receiver;
        metrics.tell(this::health);
        this.lost = Counter.builder("redpacket.webhook.lost.records")
                .description("Records that Kafka deleted before they were read")
                .register(metrics.registry());
        Gauge.builder(
                        "redpacket.webhook.behind.seconds",
                        this,
                        webhooks -> webhooks.behind().toMillis() / 1_000.0)
                .description("Age of the oldest event that waits for its delivery, 0 if none waits")
                .register(metrics.registry());
        Gauge.builder("redpacket.webhook.waiting", this, Webhooks::waiting)
                .description("Events in memory that wait for their delivery")
                .register(metrics.registry());
        this.consumer =
                new KafkaConsumer<>(consumerSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.admin = Admin.create(settings.kafka().clientSettings());
        consumer.subscribe(settings.topics().stream().map(Topic::topicName).toList(), new Assignment());
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> all = ReadCommitted.settings(settings.kafka().clientSettings());
        all.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        // Gives the partitions with the same number to one process. A closing event waits for the awards before it.
        all.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        return all;
    }

    /**
     * Reads for a moment, and delivers.
     *
     * @throws KafkaException if Kafka refuses what it is asked for, for example for lack of a right
     */
    void work() throws InterruptedException {
        try {
            read(consumer.poll(POLL));
            lanes.values().forEach(Lane::deliver);
            pauseOrResume();
            if (System.nanoTime() - committedNanos > COMMIT_EVERY.toNanos()) {
                commit();
            }
        } catch (OffsetOutOfRangeException e) {
            skipDeleted(e.offsetOutOfRangePartitions());
        } catch (RetriableException e) {
            LOG.warn("Kafka cannot be read at present: {}", e.getMessage());
            TimeUnit.MILLISECONDS.sleep(RETRY_BACKOFF.toMillis());
        }
    }

    private void read(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, Long> awardsEnds;
        try {
            awardsEnds = awardsEnds(records);
        } catch (RuntimeException e) {
            // The next poll returns the same records.
            records.partitions()
                    .forEach(partition -> consumer.seek(
                            partition, records.records(partition).get(0).offset()));
            throw e;
        }
        for (TopicPartition partition : records.partitions()) {
            List<WebhookEvent> events = new ArrayList<>();
            long next = 0;
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                event(record, awardsEnds.getOrDefault(awardsBeside(partition), 0L))
                        .ifPresent(events::add);
                next = record.offset() + 1;
            }
            lanes.get(partition).add(events, next);
        }
        // Positions also move over what is not passed: records of aborted transactions, and markers.
        for (TopicPartition partition : consumer.assignment()) {
            if (!consumer.paused().contains(partition)) {
                lanes.get(partition).add(List.of(), consumer.position(partition));
            }
        }
    }

    private static Optional<WebhookEvent> event(ConsumerRecord<byte[], byte[]> record, long awardsEnd) {
        try {
            return record.topic().equals(Topic.AWARDS.topicName())
                    ? WebhookEvent.ofAward(record)
                    : WebhookEvent.ofClosing(record, awardsEnd);
        } catch (InvalidEventException e) {
            LOG.warn(
                    "Skipped {}-{} offset {}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The present ends of the awards beside partitions with closing events. All awards of a packet are stored before
     * its closing event is committed, but the marker that commits them may still be under way. So these are the ends of
     * all records, not of committed ones.
     */
    private Map<TopicPartition, Long> awardsEnds(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, OffsetSpec> asked = records.partitions().stream()
                .filter(partition -> partition.topic().equals(Topic.PACKETS.topicName()))
                .collect(toMap(Webhooks::awardsBeside, partition -> OffsetSpec.latest()));
        if (asked.isEmpty() || !settings.topics().contains(Topic.AWARDS)) {
            return Map.of();
        }
        try {
            return admin
                    .listOffsets(asked, new ListOffsetsOptions().timeoutMs(KAFKA_PATIENCE_MILLIS))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(toMap(Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static TopicPartition awardsBeside(TopicPartition partition) {
        return new TopicPartition(Topic.AWARDS.topicName(), partition.partition());
    }

    private void pauseOrResume() {
        for (TopicPartition partition : consumer.assignment()) {
            int waiting = lanes.get(partition).size();
            if (waiting >= MOST_WAITING) {
                consumer.pause(Set.of(partition));
            } else if (waiting < RESUME_BELOW) {
                consumer.resume(Set.of(partition));
            }
        }
    }

    private void commit() {
        committedNanos = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> positions = newPositions();
        if (!positions.isEmpty()) {
            consumer.commitAsync(positions, (stored, failure) -> {
                if (failure == null) {
                    committed.putAll(stored);
                } else {
                    LOG.debug("Positions could not be committed, trying again: {}", failure.getMessage());
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> newPositions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        lanes.forEach((partition, lane) -> positions.put(partition, new OffsetAndMetadata(lane.done())));
        positions.entrySet().removeIf(each -> each.getValue().equals(committed.get(each.getKey())));
        return positions;
    }

    /** Loud, since what was deleted is never delivered. */
    private void skipDeleted(Map<TopicPartition, Long> outOfRange) {
        consumer.beginningOffsets(outOfRange.keySet()).forEach((partition, begin) -> {
            tellLost(partition, outOfRange.get(partition), begin);
            consumer.seek(partition, begin);
        });
    }

    private void tellLost(TopicPartition partition, long wanted, long begin) {
        LOG.error(
                "{} begins at offset {} now. What it had from offset {} on was deleted before it was delivered",
                partition,
                begin,
                wanted);
        lost.increment((double) Math.max(0, begin - wanted));
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            for (TopicPartition partition : partitions) {
                long start = begins.get(partition);
                OffsetAndMetadata position = known.get(partition);
                if (position != null && position.offset() < start) {
                    tellLost(partition, position.offset(), start);
                } else if (position != null) {
                    start = position.offset();
                }
                consumer.seek(partition, start);
                lanes.put(partition, lane(partition, start));
            }
            waitsFor = null;
            LOG.info("Delivers to {} from {} partitions", receiver, partitions.size());
        }

        private Lane lane(TopicPartition partition, long start) {
            TopicPartition awards = awardsBeside(partition);
            return new Lane(
                    partition.toString(),
                    start,
                    receiver,
                    settings.mostEvents(),
                    timer,
                    // Not due if the awards went to another process, whose subscription must then be another.
                    event -> event.after() == 0
                            || (lanes.containsKey(awards) && lanes.get(awards).done() >= event.after()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            waitsFor = "the consumer group assigns partitions";
            closeLanes();
            Map<TopicPartition, OffsetAndMetadata> positions = newPositions();
            try {
                consumer.commitSync(positions);
            } catch (KafkaException e) {
                LOG.warn(
                        "Positions could not be committed. What was delivered since then comes again: {}",
                        e.getMessage());
            }
            lanes.clear();
            committed.clear();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn("The consumer group has given the partitions to others. What was delivered may come again");
            closeLanes();
            lanes.clear();
            committed.clear();
        }
    }

    /** Waits for requests that are under way, so that their successor does not overtake them. */
    private void closeLanes() {
        lanes.values().stream().map(Lane::close).toList().forEach(CompletableFuture::join);
    }

    Health health() {
        String waiting = waitsFor;
        if (waiting != null) {
            return Health.waiting(waiting);
        }
        long silentSeconds = secondsSinceHeartbeat();
        if (silentSeconds > KAFKA_SILENT.toSeconds()) {
            return Health.waiting(settings.kafka().noAnswer(silentSeconds + " s"));
        }
        String reason = lanes.values().stream()
                .flatMap(lane -> lane.trouble().stream())
                .findFirst()
                .map(": "::concat)
                .orElse("");
        Duration behind = behind();
        return behind.compareTo(BEHIND) > 0
                ? Health.waiting("%s is behind by %d s, and %d events wait in memory%s"
                        .formatted(receiver, behind.toSeconds(), waiting(), reason))
                : Health.ready("ready: delivers to " + receiver + reason);
    }

    private long secondsSinceHeartbeat() {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("last-heartbeat-seconds-ago"))
                .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
                .max()
                .orElse(0);
    }

    private Duration behind() {
        return lanes.values().stream()
                .flatMap(lane -> lane.oldestMillis().stream())
                .min(Comparator.naturalOrder())
                .map(oldest -> Duration.ofMillis(Math.max(0, System.currentTimeMillis() - oldest)))
                .orElse(Duration.ZERO);
    }

    private int waiting() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    /** Waits for the requests that are under way, and commits. */
    @Override
    public void close() {
        consumer.close();
        admin.close();
        timer.shutdownNow();
    }
}
