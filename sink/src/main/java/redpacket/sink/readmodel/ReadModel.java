package redpacket.sink.readmodel;

import static java.util.stream.Collectors.joining;

import io.lettuce.core.RedisException;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisConnection;
import redpacket.events.Topic;
import redpacket.reader.ReadCommitted;
import redpacket.service.Metrics;

/**
 * Follows the topics and writes the read model to Redis. Instances of the same group share the partitions.
 *
 * <h2>Why nothing is lost or counted twice</h2>
 *
 * The view of a packet, the awards of a user and the positions in the topics can be on different nodes of a Redis
 * Cluster. No transaction spans the nodes. Instead:
 *
 * <ol>
 *   <li><b>Only committed results are written.</b> The consumer reads with {@code isolation.level=read_committed}.
 *   <li><b>Every write is safe to repeat.</b>
 *       <ul>
 *         <li>A winner is written to the field of its share. The entry follows from the topic alone, including the
 *             running totals, because all results of a packet are in one partition and in order. So every instance
 *             writes the same entry, however often. The last field tells the number of winners; there is no counter.
 *         <li>The awards of a user are a set.
 *         <li>The closing of a packet has its own fields. An opening that is read again changes nothing. An opening
 *             with a forgotten packet id records from which time on winners belong to the new packet.
 *         <li>The counters of a window are replaced as a whole, and only by a higher revision.
 *       </ul>
 *   <li><b>The position moves last</b>, after Redis has acknowledged everything before it. So everything before the
 *       position is always written. A process that dies or loses Redis before the position moves repeats the batch.
 *   <li><b>The position moves by compare-and-set</b> from the value that this instance expects. The script refuses the
 *       move if another instance has taken over, or if Redis has lost writes in a failover or a restart. The instance
 *       then reads the position again and continues from there. While nothing arrives, the comparison runs once a
 *       second.
 *   <li><b>A zombie does no harm.</b> It writes the same entries as its successor. It discards batches that it polled
 *       more than a minute ago. Every packet is remembered for longer, so no packet id is used again in that time.
 *   <li><b>A gap is detected.</b> Shares are awarded from index 0 upwards, so a missing winner before the last one is a
 *       gap. {@link Views} checks every share of a packet of up to 1,000 shares. For a larger packet it checks 1,000
 *       shares: it detects a gap of at least a thousandth of the shares once as many have been won after the gap. The
 *       view is also marked as incomplete if the entry before a new award is missing. That happens if Redis evicted a
 *       key, if one node of a cluster lost writes, or if the retention of the topic deleted the beginning.
 *       {@link #rebuild} repairs the first two cases.
 * </ol>
 *
 * <h2>Generations</h2>
 *
 * A generation is one build of the read model from the beginning of the topics. Its number is part of the names of the
 * keys of packets, winners and users. If Redis has no generation, or one from other topics, an instance begins one.
 * {@link #rebuild} also begins one. Readers then see the previous generation until the new one contains everything that
 * was in the topics when it began. After that the old keys are removed. Instances that still write to old keys do no
 * harm. All generations share the keys of windows, which are ordered by epoch and then by revision. The epoch is the
 * number of the first generation from the same topics.
 */
public final class ReadModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModel.class);

    private static final List<String> TOPICS =
            List.of(Topic.AWARDS.topicName(), Topic.PACKETS.topicName(), Topic.STATS.topicName());

    /** Increase it when keys or entries change. A read model with another layout is rebuilt. */
    private static final String LAYOUT = "layout=4";

    /** The topics of the read model, and the topic to which the grab offsets in entries refer. */
    private static final List<String> TOPICS_OF_OFFSETS =
            List.of(TOPICS.get(0), TOPICS.get(1), TOPICS.get(2), Topic.GRABS.topicName());

    /**
     * Upper bound on the records of a batch. A larger batch puts more entries into one command. Redis needs 100 ms for
     * a batch of this size, so it answers before the timeout even if it gets little CPU time.
     */
    private static final int BATCH_RECORDS = 50_000;

    /** Enough for a whole batch from one partition. With the default a poll returns much less than a batch. */
    private static final int FETCH_BYTES = 8 << 20;

    private static final Duration POLL = Duration.ofMillis(100);

    /** Between comparisons of the positions in Redis with those of this instance. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Maximum age of a batch. Far longer than a batch takes, far shorter than the time a packet is remembered. */
    private static final long MAX_BATCH_AGE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A reader that has looked up the old generation has finished reading by then. */
    private static final long REMOVAL_DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Progress progress;
    private final RedisConnection redis;
    private final Writer writer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Thread thread = new Thread(this::run, "read-model");

    /** The next offset of each assigned partition as stored in Redis; null if Redis has none. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Null while the positions are unknown or in doubt. The consumer is paused then. */
    private Generation generation;

    private Sent sent;
    private Removal removal;
    private long checkedNanos = System.nanoTime();

    /** The descriptions of the topics, requested from Kafka. Null if there is no request. */
    private KafkaFuture<Map<String, TopicDescription>> described;

    private long describedNanos = System.nanoTime();

    private volatile boolean stopping;
    private volatile boolean rebuild;
    private volatile Status status = new Status(true, 0, 0, "starting");

    private ReadModel(KafkaAddress kafka, RedisConnection redis, String group, Retention retention) {
        this.redis = redis;
        this.progress = new Progress(redis);
        this.writer = new Writer(redis, retention);
        this.admin = Admin.create(kafka.clientSettings());
        this.consumer = new KafkaConsumer<>(
                consumerSettings(kafka, group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Starts to follow the topics. Waits in the background for Kafka and Redis.
     *
     * @param group Kafka consumer group; instances of a group share the partitions
     */
    public static ReadModel start(KafkaAddress kafka, RedisConnection redis, String group, Retention retention) {
        ReadModel readModel = new ReadModel(kafka, redis, group, retention);
        readModel.thread.start();
        return readModel;
    }

    /**
     * The status of this instance.
     *
     * @param running false after an error that only a restart can repair
     * @param partitions number of partitions that this instance reads
     * @param lag records in these partitions that are not read yet
     * @param trouble why the read model makes no progress, as a sentence; null if it does
     */
    public record Status(boolean running, int partitions, long lag, String trouble) {}

    public Status status() {
        Status now = status;
        return now.trouble() == null
                ? new Status(
                        now.running(),
                        now.partitions(),
                        now.lag(),
                        redis.trouble().orElse(null))
                : now;
    }

    /** Registers the metrics of the Kafka consumer. */
    public void showIn(Metrics metrics) {
        metrics.bind(new KafkaClientMetrics(consumer));
    }

    /** Requests a new generation. Readers see the previous generation until the new one is whole. */
    public void rebuild() {
        rebuild = true;
    }

    /** Waits until the current batch is written or has failed, at most 10 s. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> consumerSettings(KafkaAddress kafka, String group) {
        // Offsets are not committed to Kafka. The positions are in Redis, beside the data.
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put("group.id", group);
        settings.put("max.poll.records", BATCH_RECORDS);
        settings.put("max.partition.fetch.bytes", FETCH_BYTES);
        // The partitions of a killed instance are reassigned after this time. The default is 45 s.
        settings.putIfAbsent("session.timeout.ms", 10_000);
        return settings;
    }

    private void run() {
        try (consumer;
                admin) {
            consumer.subscribe(TOPICS, new Rebalance());
            while (!stopping) {
                step();
            }
            completeSent();
        } catch (WakeupException | InterruptException e) {
            if (!stopping) {
                throw e;
            }
        } catch (RuntimeException e) {
            LOG.error("The read model has failed; restart the sink", e);
            status = new Status(false, 0, 0, e.toString());
        }
    }

    /** Polls a batch and prepares its commands while the previous batch is in flight. */
    private void step() {
        if (rebuild || generation == null) {
            loadPositions();
        }
        ConsumerRecords<byte[], byte[]> records = poll();
        long polledNanos = System.nanoTime();
        Map<TopicPartition, Long> next = new HashMap<>();
        if (generation != null) {
            consumer.assignment().forEach(partition -> next.put(partition, consumer.position(partition)));
        }
        checkTopics();
        ReadModelBatch batch = ReadModelBatch.of(records);
        Writer.Writing writing = generation == null ? null : writer.prepare(generation, batch);

        completeSent();
        // After a suspension, the batch may contain awards of forgotten packets whose ids are in use again.
        if (System.nanoTime() - polledNanos > MAX_BATCH_AGE_NANOS) {
            pauseAll();
        }
        if (generation != null) {
            send(writing, next);
        }
        removeOlderWhenDue();
    }

    /** Detects topics that were deleted and created again. They have other records at the same positions. */
    private void checkTopics() {
        if (generation == null) {
            return;
        }
        if (described == null && System.nanoTime() - describedNanos > CHECK_NANOS) {
            described = admin.describeTopics(TOPICS_OF_OFFSETS).allTopicNames();
            describedNanos = System.nanoTime();
        } else if (described != null && described.isDone()) {
            boolean same =
                    described.isCompletedExceptionally() || topicIds(described).equals(generation.topics());
            described = null;
            if (!same) {
                LOG.warn("The topics were deleted and created again. The read model is rebuilt");
                pauseAll();
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            Map<TopicPartition, Long> beginnings =
                    consumer.beginningOffsets(e.offsetOutOfRangePartitions().keySet());
            e.offsetOutOfRangePartitions().forEach((partition, position) -> {
                if (position < beginnings.get(partition)) {
                    LOG.warn(
                            "Records {} to {} of {} are missing in the read model: Kafka deleted them before they were"
                                    + " read",
                            position,
                            beginnings.get(partition) - 1,
                            partition);
                    consumer.seek(partition, beginnings.get(partition));
                } else {
                    LOG.warn(
                            "Position {} is beyond the end of {}: Kafka has lost records. The read model is rebuilt",
                            position,
                            partition);
                    rebuild = true;
                    consumer.seek(partition, beginnings.get(partition));
                }
            });
            return ConsumerRecords.empty();
        }
    }

    /** A batch in flight, the positions after it, and {@link RedisConnection#replacements} when it was sent. */
    private record Sent(Writer.Writing writing, Map<TopicPartition, Progress.Step> steps, long replacements) {}

    private void send(Writer.Writing writing, Map<TopicPartition, Long> next) {
        Map<TopicPartition, Progress.Step> steps = new HashMap<>();
        next.forEach((partition, to) -> {
            Long from = positions.get(partition);
            if (from == null || !from.equals(to)) {
                steps.put(partition, new Progress.Step(from, to));
            }
        });
        if (steps.isEmpty()) {
            if (System.nanoTime() - checkedNanos < CHECK_NANOS) {
                return;
            }
            positions.forEach((partition, at) -> steps.put(partition, new Progress.Step(at, at)));
        }
        try {
            sent = new Sent(writing, steps, redis.replacements());
            writing.send();
        } catch (RedisException e) {
            waitBecause(e);
        }
    }

    private void completeSent() {
        Sent batch = sent;
        sent = null;
        if (batch == null || generation == null) {
            return;
        }
        try {
            Set<String> incomplete = batch.writing.await();
            if (!incomplete.isEmpty()) {
                markIncomplete(incomplete);
            }
            // A new server may lack writes that the old one had acknowledged.
            if (redis.replacements() != batch.replacements) {
                throw new RedisException("The connection to Redis was replaced while a batch was in flight");
            }
            advance(batch.steps);
        } catch (RedisException | CompletionException e) {
            waitBecause(e);
        }
    }

    private void markIncomplete(Set<String> packetIds) {
        if (!redisHasExpectedPositions()) {
            // Redis has lost more than these packets. It will refuse advance().
            return;
        }
        long newlyMarked = writer.markIncomplete(generation, packetIds);
        if (newlyMarked == 0) {
            return;
        }
        LOG.warn(
                "Redis lacks awards of {} packets, for example {}: {}",
                newlyMarked,
                packetIds.iterator().next(),
                generation.isWhole()
                        ? "rebuild the read model (sink --rebuild)"
                        : "the topics no longer contain these awards");
    }

    private boolean redisHasExpectedPositions() {
        Map<TopicPartition, Progress.Step> unmoved = new HashMap<>();
        positions.forEach((partition, at) -> unmoved.put(partition, new Progress.Step(at, at)));
        return await(progress.advance(generation, unmoved)) != Progress.Advance.REFUSED;
    }

    private void advance(Map<TopicPartition, Progress.Step> steps) {
        switch (await(progress.advance(generation, steps))) {
            case REFUSED -> pauseAll();
            case NOW_SERVING -> {
                LOG.info("The read model is complete: readers now see generation {}", generation.number());
                advanced(steps);
                removal = new Removal(generation.number(), System.nanoTime() + REMOVAL_DELAY_NANOS);
                // Loads the generation again, which is whole now.
                pauseAll();
            }
            case DONE -> advanced(steps);
        }
    }

    private void advanced(Map<TopicPartition, Progress.Step> steps) {
        steps.forEach((partition, step) -> positions.put(partition, step.to()));
        checkedNanos = System.nanoTime();
        long lag = consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
        status = new Status(true, consumer.assignment().size(), lag, null);
    }

    /** The removal of the keys before a generation, due when no reader uses them any more. */
    private record Removal(long before, long dueNanos) {}

    private void removeOlderWhenDue() {
        if (removal == null || System.nanoTime() < removal.dueNanos) {
            return;
        }
        long before = removal.before;
        removal = null;
        try {
            progress.removeBefore(before).exceptionally(failure -> oldKeysStay(before, failure));
        } catch (RedisException e) {
            oldKeysStay(before, e);
        }
    }

    private static Void oldKeysStay(long before, Throwable failure) {
        LOG.warn(
                "Keys before generation {} could not be removed and remain until they expire: {}",
                before,
                RedisConnection.reasonOf(failure));
        return null;
    }

    /** Loads the generation and the positions from Redis. Begins a generation if there is none, or if requested. */
    private void loadPositions() {
        try {
            pauseAll();
            await(writer.makeReady());
            Generation found = await(progress.load()).orElse(null);
            String topics = topicIds(admin.describeTopics(TOPICS_OF_OFFSETS).allTopicNames());
            if (rebuild || found == null || !found.topics().equals(topics)) {
                begin(found, topics);
                found = await(progress.load()).orElse(null);
            }
            if (found == null) {
                return;
            }
            positions.clear();
            for (TopicPartition partition : consumer.assignment()) {
                Generation.Position position = found.positions().get(partition.toString());
                if (position == null) {
                    positions.put(partition, null);
                    consumer.seekToBeginning(Set.of(partition));
                } else {
                    positions.put(partition, position.at());
                    consumer.seek(partition, position.at());
                }
            }
            consumer.resume(consumer.assignment());
            generation = found;
        } catch (RedisException | CompletionException | KafkaException e) {
            if (e instanceof WakeupException || e instanceof InterruptException) {
                throw e;
            }
            waitBecause(e);
        }
    }

    private void begin(Generation before, String topics) {
        List<TopicPartition> partitions = TOPICS.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        Map<TopicPartition, Long> from = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Progress.Step> wanted = new HashMap<>();
        consumer.endOffsets(partitions)
                .forEach((partition, until) -> wanted.put(partition, new Progress.Step(from.get(partition), until)));
        Long previous = before == null ? null : before.number();
        long number = Math.max(System.currentTimeMillis(), before == null ? 0 : before.number() + 1);
        if (await(progress.begin(previous, number, topics, wanted))) {
            LOG.info("Building generation {} of the read model from the beginning of the topics", number);
        }
        rebuild = false;
    }

    private static String topicIds(KafkaFuture<Map<String, TopicDescription>> topics) {
        try {
            return topics.get().values().stream()
                    .map(topic -> topic.name() + "=" + topic.topicId())
                    .sorted()
                    .collect(joining(" ", LAYOUT + " ", ""));
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Cannot describe the topics: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void waitBecause(RuntimeException failure) {
        String trouble = RedisConnection.reasonOf(failure);
        if (!trouble.equals(status.trouble())) {
            LOG.warn("The read model makes no progress and tries again: {}", trouble);
        }
        status = new Status(true, consumer.assignment().size(), status.lag(), trouble);
        pauseAll();
    }

    /** Discards the batch in flight and pauses the consumer. The next step loads the positions again. */
    private void pauseAll() {
        generation = null;
        sent = null;
        consumer.pause(consumer.assignment());
    }

    private static <T> T await(CompletionStage<T> command) {
        return command.toCompletableFuture().join();
    }

    private final class Rebalance implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Otherwise the next owner would repeat the batch.
            completeSent();
            pauseAll();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            pauseAll();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // The value does not matter: the consumer is paused until the stored position has been loaded.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            pauseAll();
        }
    }
}
