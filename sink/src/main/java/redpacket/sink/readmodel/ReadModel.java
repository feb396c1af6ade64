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
 * Keeps the read model in Redis in step with the topics; instances of the same group share the partitions.
 *
 * <h2>Why nothing is lost or counted twice</h2>
 *
 * A packet's view, a user's awards and the position in the topics are on different nodes of a Redis Cluster, so that no
 * transaction spans them. Instead:
 *
 * <ol>
 *   <li><b>Only facts are written.</b> The consumer is read-committed: what it sees will never be taken back.
 *   <li><b>Every write is safe to repeat.</b> A winner is written into the field of its share, and what it says follows from the
 *       topic alone: also what is awarded up to it, since within a packet the records of a topic are in one partition and in order.
 *       Whoever writes it, and however often, writes the same. How many have won shows in the last field there is, so nobody counts. A
 *       user's awards are a set. A packet's end has fields of its own, its opening changes nothing when it is told again, and where
 *       it begins a new packet under an id that was forgotten, it notes since when winners are of that one. A window's counters
 *       are replaced whole, and only by a higher revision.
 *   <li><b>The position moves last</b>: once everything before it is acknowledged by Redis. So at any moment, all before the
 *       position in Redis is written. A process that dies, or loses Redis, between write and step repeats the batch.
 *   <li><b>The position moves by comparison</b>: from where this instance believes it is. It is refused when another
 *       instance took over, and when Redis lost its newest writes in a failover or restarted empty; then the instance
 *       reads the position again and goes on from there. This also runs each second while nothing arrives. A zombie
 *       can thus only write facts that its successor writes as well, and whoever moved the position had written them. What it read
 *       more than a minute ago it does not write, and every packet is remembered for longer: no id is used again meanwhile.
 *   <li><b>A gap is seen.</b> Shares go from 0 on, so a missing winner shows to every reader who looks at all shares up to the last
 *       that somebody has. {@link Views} does where a packet has up to a thousand; of bigger ones it looks at a thousand shares, and so
 *       sees a gap of a thousandth of them as soon as as many have won after it. If the winner before an award is missing although the
 *       position says otherwise (Redis evicted a key, or one node of a cluster forgot its newest writes, or the topic's retention took
 *       the beginning), the view is also marked as incomplete, rather than wrong in silence: {@link #rebuild}.
 * </ol>
 *
 * <h2>Generations</h2>
 *
 * The names of packets' and users' keys contain the generation, a building of the read model from the beginning of the
 * topics. Where Redis knows of none, or of one from other topics, the instances begin one by themselves. {@link #rebuild}
 * begins one too; then readers see the generation before until the new one has all that was in the topics at its beginning,
 * and the old keys are removed. Instances that still write to the old ones disturb nobody. Windows have one place for all
 * generations, since revisions order them; an epoch, the first generation from the same topics, comes before the revision.
 */
public final class ReadModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReadModel.class);

    private static final List<String> TOPICS =
            List.of(Topic.AWARDS.topicName(), Topic.PACKETS.topicName(), Topic.STATS.topicName());

    /** To be raised when keys or entries change: what has another layout is built anew, as what is from other topics. */
    private static final String LAYOUT = "layout=3";

    /** Also those that the offsets in a view refer to. */
    private static final List<String> TOPICS_OF_OFFSETS =
            List.of(TOPICS.get(0), TOPICS.get(1), TOPICS.get(2), Topic.GRABS.topicName());

    /**
     * Of one who is behind; others take what there is. The more, the more entries go into one command; few enough that Redis, which
     * needs 100 ms for them, answers all within the timeout even when it is starved.
     */
    private static final int BATCH_RECORDS = 50_000;

    /** A batch's worth of results from one partition: else a poll would hand out much less than a batch. */
    private static final int FETCH_BYTES = 8 << 20;

    private static final Duration POLL = Duration.ofMillis(100);

    /** Between checks that Redis still is where this instance believes it to be. */
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Far longer than a batch takes, far shorter than any packet is remembered. */
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** A reader that has just looked up the generation has surely read by then. */
    private static final long REMOVAL_DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

    private final Progress progress;
    private final RedisConnection redis;
    private final Writer writer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Thread thread = new Thread(this::run, "read-model");

    /** What Redis holds as the next offset of each assigned partition; null where it holds none. */
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** Null until positions are known, and again whenever they are in doubt: then the consumer is paused. */
    private Generation generation;

    private Sent sent;
    private Removal removal;
    private long checkedNanos = System.nanoTime();

    /** The topics, being asked for; null if they are not. */
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
     * Starts to follow the topics, as soon as Kafka and Redis are there.
     *
     * @param group Kafka consumer group; instances with the same one share the work
     */
    public static ReadModel start(KafkaAddress kafka, RedisConnection redis, String group, Retention retention) {
        ReadModel readModel = new ReadModel(kafka, redis, group, retention);
        readModel.thread.start();
        return readModel;
    }

    /**
     * How it goes.
     *
     * @param running false when it ended by an error that waiting does not mend
     * @param partitions that this instance reads
     * @param lag records in them that are not read yet
     * @param trouble why it does not go on at the moment, as a sentence; null if it does
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

    /** Shows what its Kafka consumer measures. */
    public void showIn(Metrics metrics) {
        metrics.bind(new KafkaClientMetrics(consumer));
    }

    /** Soon begins a new generation; readers see the one before until the new one is whole. */
    public void rebuild() {
        rebuild = true;
    }

    /** Returns when the batch under way is written, or has failed. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            thread.join(STOP_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> consumerSettings(KafkaAddress kafka, String group) {
        // Offsets are not committed: the positions are in Redis, next to the data they belong to.
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put("group.id", group);
        settings.put("max.poll.records", BATCH_RECORDS);
        settings.put("max.partition.fetch.bytes", FETCH_BYTES);
        // After so long the partitions of a killed instance go to others; the default is 45 s.
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
            LOG.error("The read model stops", e);
            status = new Status(false, 0, 0, e.toString());
        }
    }

    /** Reads one batch, and makes commands of it, while the one before is on its way to Redis. */
    private void step() {
        if (rebuild || generation == null) {
            takePositions();
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
        // Who slept for longer may have in hand what was won in packets that are forgotten by now, under ids that are
        // used again.
        if (System.nanoTime() - polledNanos > FRESH_NANOS) {
            pauseAll();
        }
        if (generation != null) {
            send(writing, next);
        }
        removeOlderWhenDue();
    }

    /** Topics that were created again since the positions were taken have other records at these positions. */
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
                LOG.warn("The topics were deleted and created again. Rebuilding the read model.");
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
                            "{} begins at {} by now: what was from {} on is lost to the read model",
                            partition,
                            beginnings.get(partition),
                            position);
                    consumer.seek(partition, beginnings.get(partition));
                } else {
                    LOG.warn("{} does not go as far as {}: it is not what it was. Rebuilding.", partition, position);
                    rebuild = true;
                    consumer.seek(partition, beginnings.get(partition));
                }
            });
            return ConsumerRecords.empty();
        }
    }

    /** A batch on its way to Redis, and the positions behind it. */
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
            doubt(e);
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
            // Another server may lack what the one before had confirmed.
            if (redis.replacements() != batch.replacements) {
                throw new RedisException("Redis was reached on another connection after a batch was written");
            }
            advance(batch.steps);
        } catch (RedisException | CompletionException e) {
            doubt(e);
        }
    }

    private void markIncomplete(Set<String> packetIds) {
        if (!isWhereBelieved()) {
            return; // Redis forgot more than these packets; advance() is going to be refused.
        }
        long news = writer.markIncomplete(generation, packetIds);
        if (news == 0) {
            return;
        }
        LOG.warn(
                "Awards of {} packets are missing in Redis, such as those of {}: {}",
                news,
                packetIds.iterator().next(),
                generation.isWhole() ? "rebuild the read model" : "they are older than the topics go back");
    }

    private boolean isWhereBelieved() {
        Map<TopicPartition, Progress.Step> still = new HashMap<>();
        positions.forEach((partition, at) -> still.put(partition, new Progress.Step(at, at)));
        return await(progress.advance(generation, still)) != Progress.Advance.REFUSED;
    }

    private void advance(Map<TopicPartition, Progress.Step> steps) {
        switch (await(progress.advance(generation, steps))) {
            case REFUSED -> pauseAll();
            case NOW_SERVING -> {
                LOG.info("The read model is whole and served: generation {}", generation.number());
                advanced(steps);
                removal = new Removal(generation.number(), System.nanoTime() + REMOVAL_DELAY_NANOS);
                pauseAll(); // To read in Redis what this instance believes now: that the generation is whole.
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

    /** What is left of generations before one, and when nobody reads it any more. */
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
        LOG.warn("Keys before generation {} stay until they expire: {}", before, RedisConnection.reasonOf(failure));
        return null;
    }

    /** Positions, and where there is none a new generation, from Redis. */
    private void takePositions() {
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
            doubt(e);
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
            LOG.info("Building the read model from the beginning of the topics: generation {}", number);
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

    private void doubt(RuntimeException failure) {
        String trouble = RedisConnection.reasonOf(failure);
        if (!trouble.equals(status.trouble())) {
            LOG.warn("The read model waits: {}", trouble);
        }
        status = new Status(true, consumer.assignment().size(), status.lag(), trouble);
        pauseAll();
    }

    /** Until positions are taken anew. */
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
            completeSent(); // So that the next owner need not repeat it.
            pauseAll();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            pauseAll();
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Any position: none is read from before the right one is known.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            pauseAll();
        }
    }
}
