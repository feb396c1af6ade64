package redpacket.audit;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.events.Topic;
import redpacket.reader.ReadCommitted;

/** Reads all committed records of the topics, and reports whether every promise of the pipeline was kept. */
public final class Audit implements AutoCloseable {
    /** Short, so that an unreachable Kafka is reported soon. */
    private static final Duration CONNECTING = Duration.ofSeconds(20);

    /** All public topics. */
    private static final Set<Topic> AUDITED = EnumSet.complementOf(EnumSet.of(Topic.STATS_DELTAS));

    private final AuditOptions options;
    private final SinkStores stores;
    private final Map<Topic, Consumer<byte[], byte[]>> consumers = new EnumMap<>(Topic.class);
    private final Map<Topic, List<TopicPartition>> partitions = new EnumMap<>(Topic.class);
    private final Map<String, Long> recordsRead = new TreeMap<>();
    private final Findings findings;
    private final Patience patience;

    private Audit(KafkaAddress kafka, AuditOptions options, SinkStores stores) {
        this.options = options;
        this.stores = stores;
        this.findings = new Findings(options.examplesPerKind());
        this.patience = new Patience(options.patience());
        for (Topic topic : AUDITED) {
            consumers.put(topic, consumer(kafka));
        }
    }

    /**
     * Audits the topics. Takes seconds per million grabs, and memory for the winners of one partition.
     *
     * @throws HistoryUnreadableException if nothing can be judged: Kafka or the topics are missing, or the topics lost
     *     their beginning and the options do not allow that
     */
    public static Report run(KafkaAddress kafka, AuditOptions options) {
        return run(kafka, options, SinkStores.NONE);
    }

    /**
     * Audits the topics, and compares them with the stores of a sink. Waits for a sink that lags, as long as its lag
     * shrinks.
     *
     * @throws HistoryUnreadableException as above, and if there is no ledger or no Redis
     */
    public static Report run(KafkaAddress kafka, AuditOptions options, SinkStores stores) {
        try (Audit audit = new Audit(kafka, options, stores)) {
            return audit.run();
        } catch (KafkaException e) {
            throw new HistoryUnreadableException("Kafka at " + kafka + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Report run() {
        long startedNanos = System.nanoTime();
        findPartitions();
        long coveredFromMillis = requireBeginnings();
        options.progress().expect(countRecords());

        DeadLetters deadLetters = new DeadLetters(
                consumers.get(Topic.DEAD_LETTERS),
                partitions.get(Topic.DEAD_LETTERS),
                findings,
                reader(Topic.DEAD_LETTERS));
        deadLetters.readOn();
        PublishedCounters published = new PublishedCounters(
                consumers.get(Topic.STATS), partitions.get(Topic.STATS), findings, reader(Topic.STATS));
        published.readOn();

        Totals totals = new Totals(published.windowMillis());
        Map<TopicPartition, Long> auditedTo = new HashMap<>();
        int count = partitions.get(Topic.GRABS).size();
        for (int partition = 0; partition < count; partition++) {
            CommittedLog opens = log(Topic.OPENS, partition);
            CommittedLog grabs = log(Topic.GRABS, partition);
            CommittedLog packets = log(Topic.PACKETS, partition);
            CommittedLog awards = log(Topic.AWARDS, partition);
            auditedTo.put(opens.partition(), opens.end());
            auditedTo.put(grabs.partition(), grabs.end());
            new PartitionAudit(
                            opens,
                            grabs,
                            packets,
                            awards,
                            count,
                            deadLetters,
                            findings,
                            totals,
                            patience,
                            options,
                            coveredFromMillis)
                    .run();
            auditedTo.put(packets.partition(), packets.position());
            auditedTo.put(awards.partition(), awards.position());
        }
        deadLetters.judgeRest();
        Report.Statistics statistics = compare(published, totals, auditedTo, coveredFromMillis);
        return new Report(
                recordsRead,
                totals.packets(),
                totals.grabs(),
                totals.cents(),
                totals.luckiest(),
                totals.seedChecked(),
                statistics,
                stores.ledger().map(this::compareLedger).orElse(null),
                stores.readModel()
                        .map(redis -> compareReadModel(redis, published))
                        .orElse(null),
                totals.unanswered,
                deadLetters.count(),
                findings.counts(),
                findings.examples(),
                coveredFromMillis,
                Duration.ofNanos(System.nanoTime() - startedNanos).toMillis());
    }

    private void findPartitions() {
        for (Topic topic : AUDITED) {
            List<PartitionInfo> found = consumers.get(topic).partitionsFor(topic.topicName());
            boolean optional = topic == Topic.STATS;
            if ((found == null || found.isEmpty()) && !optional) {
                throw new HistoryUnreadableException("There is no topic " + topic + ".");
            }
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; found != null && partition < found.size(); partition++) {
                all.add(new TopicPartition(topic.topicName(), partition));
            }
            consumers.get(topic).assign(all);
            partitions.put(topic, all);
            recordsRead.put(topic.topicName(), 0L);
        }
        int wanted = partitions.get(Topic.GRABS).size();
        partitions.forEach((topic, all) -> {
            if (topic.isKeyedByPacket() && all.size() != wanted) {
                throw new HistoryUnreadableException("Topic " + topic + " has " + all.size() + " partitions, but "
                        + Topic.GRABS + " has " + wanted + ". Topics need the same number of partitions.");
            }
        });
    }

    /** The time from which on every topic is complete; 0 when retention removed nothing. */
    private long requireBeginnings() {
        List<TopicPartition> cut = new ArrayList<>();
        long coveredFromMillis = 0;
        for (Topic topic : AUDITED) {
            if (topic == Topic.STATS) {
                // Retention may remove old windows: each remaining window is complete.
                continue;
            }
            Consumer<byte[], byte[]> consumer = consumers.get(topic);
            for (var begin : consumer.beginningOffsets(partitions.get(topic)).entrySet()) {
                if (begin.getValue() > 0) {
                    cut.add(begin.getKey());
                    long beginMillis = new CommittedLog(consumer, begin.getKey(), 0, records -> {})
                            .beginMillis()
                            .orElseGet(System::currentTimeMillis);
                    // Several records can share this millisecond, and retention may have removed some of them.
                    coveredFromMillis = Math.max(coveredFromMillis, beginMillis + 1);
                }
            }
        }
        if (!cut.isEmpty() && !options.partial()) {
            throw new HistoryUnreadableException(
                    "Retention removed the beginning of " + cut + ": only what came later can be audited, in part.");
        }
        return coveredFromMillis;
    }

    private long countRecords() {
        return partitions.entrySet().stream()
                .flatMapToLong(entry -> {
                    Consumer<byte[], byte[]> consumer = consumers.get(entry.getKey());
                    Map<TopicPartition, Long> begins = consumer.beginningOffsets(entry.getValue());
                    Map<TopicPartition, Long> ends = consumer.endOffsets(entry.getValue());
                    return ends.entrySet().stream().mapToLong(end -> end.getValue() - begins.get(end.getKey()));
                })
                .sum();
    }

    private Report.Statistics compare(
            PublishedCounters published, Totals totals, Map<TopicPartition, Long> auditedTo, long coveredFromMillis) {
        if (published.isEmpty()) {
            return new Report.Statistics(0, "There are no statistics.");
        }
        if (published.windowMillis() == 0) {
            return new Report.Statistics(0, "Not compared: the windows differ in length.");
        }
        do {
            published.readOn();
        } while (!published.agreesWith(totals.recounted(), coveredFromMillis) && patience.pause());
        if (totals.unanswered > 0 || movedOn(auditedTo)) {
            return new Report.Statistics(0, "Not compared: the pipeline is at work.");
        }
        long windows = published.compare(totals.recounted(), coveredFromMillis);
        return new Report.Statistics(
                windows,
                windows > 0
                        ? "Compared with a recount."
                        : "Not compared: every window is older than the audited records.");
    }

    private Report.Ledger compareLedger(LedgerAddress ledger) {
        Map<TopicPartition, Long> ends = ends(Topic.PACKETS, Topic.AWARDS);
        awaitCaughtUp(() -> LedgerComparison.lag(ledger, ends));
        return LedgerComparison.run(ledger, List.copyOf(ends.keySet()), this::logAgain, findings);
    }

    private Report.ReadModel compareReadModel(RedisAddress address, PublishedCounters published) {
        try (RedisConnection connection = RedisConnection.openForReading(address)) {
            connection.requireReachable(CONNECTING);
            return compareReadModel(connection, published);
        } catch (RedisException e) {
            throw new HistoryUnreadableException(
                    "The read model in Redis at " + address + " cannot be read: " + RedisConnection.reasonOf(e), e);
        }
    }

    private Report.ReadModel compareReadModel(RedisConnection connection, PublishedCounters published) {
        Findings differences = new Findings(options.examplesPerKind());
        ReadModelComparison comparison = new ReadModelComparison(connection, differences);
        Map<TopicPartition, Long> ends = ends(Topic.PACKETS, Topic.AWARDS, Topic.STATS);
        long lag = awaitCaughtUp(() -> comparison.lag(ends));
        if (lag > 0) {
            return new Report.ReadModel(0, 0, 0, lag, "Not compared: the sink is behind.");
        }
        int count = partitions.get(Topic.PACKETS).size();
        for (int partition = 0; partition < count; partition++) {
            comparison.comparePackets(
                    logAgain(partitions.get(Topic.PACKETS).get(partition), 0),
                    logAgain(partitions.get(Topic.AWARDS).get(partition), 0));
        }
        comparison.compareRest();
        List<String> differingWindows;
        do {
            // Windows are still closed for a while after the last grab.
            published.readOn();
            differingWindows = comparison.differingWindows(published.newest());
        } while (!differingWindows.isEmpty() && patience.pause());
        comparison.noteWindows(differingWindows);
        if (!ends(Topic.PACKETS, Topic.AWARDS).entrySet().stream().allMatch(ends.entrySet()::contains)) {
            return new Report.ReadModel(0, 0, 0, 0, "Not compared: the pipeline is at work.");
        }
        findings.addAll(differences);
        return comparison.report("Compared with the topics.");
    }

    /** Waits as long as the lag shrinks. Returns the remaining lag. */
    private long awaitCaughtUp(LongSupplier lag) {
        patience.renew();
        long behind = lag.getAsLong();
        while (behind > 0 && patience.pause()) {
            long now = lag.getAsLong();
            if (now < behind) {
                patience.renew();
            }
            behind = now;
        }
        return behind;
    }

    private Map<TopicPartition, Long> ends(Topic... topics) {
        Map<TopicPartition, Long> ends = new LinkedHashMap<>();
        for (Topic topic : topics) {
            // Kafka's client warns when asked for the end of a partition that it does not read.
            consumers.get(topic).assign(partitions.get(topic));
            ends.putAll(consumers.get(topic).endOffsets(partitions.get(topic)));
        }
        return ends;
    }

    /** Opens a partition that was audited, to read it a second time. */
    private CommittedLog logAgain(TopicPartition partition, long from) {
        Topic topic = partition.topic().equals(Topic.AWARDS.topicName()) ? Topic.AWARDS : Topic.PACKETS;
        return new CommittedLog(consumers.get(topic), partition, from, read -> {});
    }

    /** Whether anything but ticks was appended after the audited records. */
    private boolean movedOn(Map<TopicPartition, Long> auditedTo) {
        return consumers.entrySet().stream().anyMatch(entry -> partitions.get(entry.getKey()).stream()
                .filter(auditedTo::containsKey)
                .anyMatch(partition -> hasNews(entry.getValue(), partition, auditedTo.get(partition))));
    }

    private static boolean hasNews(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from) {
        CommittedLog news = new CommittedLog(consumer, partition, from, records -> {});
        for (var record = news.next(); record != null; record = news.next()) {
            if (!Inputs.isTick(record)) {
                return true;
            }
        }
        return false;
    }

    private CommittedLog log(Topic topic, int partition) {
        return new CommittedLog(consumers.get(topic), partitions.get(topic).get(partition), 0, reader(topic));
    }

    private LongConsumer reader(Topic topic) {
        return records -> {
            recordsRead.merge(topic.topicName(), records, Long::sum);
            options.progress().read(records);
        };
    }

    private static Consumer<byte[], byte[]> consumer(KafkaAddress kafka) {
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) CONNECTING.toMillis());
        // At the end of the log a fetch blocks the connection, and every other request to the broker waits behind it.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
        // Each poll has a fixed cost, and the records are small.
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        consumers.values().forEach(Consumer::close);
    }
}
