package redpacket.ledger;

import static java.util.stream.Collectors.toMap;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.clients.Topics;
import redpacket.events.Topic;
import redpacket.ledger.LedgerHealth.State;
import redpacket.reader.ReadCommitted;

/**
 * Reads awards and packet events, and writes every movement of money into PostgreSQL exactly once.
 *
 * <p>Several processes may use the same database: one writes, the others stand by.
 */
public final class Ledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    private static final List<Topic> TOPICS = List.of(Topic.PACKETS, Topic.AWARDS);

    /** Also the interval between pings of PostgreSQL while there is nothing to write. */
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final Duration BEFORE_NEXT_TRY = Duration.ofSeconds(1);

    /** How long a stand-by waits before it tries to take over. Longer than a batch takes. */
    private static final Duration BEFORE_TAKING_OVER = Duration.ofSeconds(5);

    /** Maximum rows per transaction: amortizes the commit, fits into the heap, and takes less than a second. */
    private static final int MAX_BATCH = 10_000;

    /** Class of the SQL states for a refused user or password. At the start nobody has changed it a moment ago. */
    private static final String REFUSED = "28";

    /**
     * Classes of SQL states that are worth a retry: no connection, sign-in refused, read-only (a standby that is not
     * yet promoted), deadlock, out of resources, shut down by an operator, system error.
     */
    private static final List<String> PASSING = List.of("08", "28", "25", "40", "53", "55", "57", "58");

    private final LedgerAddress postgres;
    private final Consumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Thread thread = new Thread(this::run, "redpacket-ledger");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private boolean hasTables;
    private volatile LedgerHealth health = new LedgerHealth(State.STARTING, "", 0, 0);

    private Ledger(KafkaAddress kafka, LedgerAddress postgres) {
        this.postgres = postgres;
        this.admin = Admin.create(kafka.clientSettings());
        Map<String, Object> settings = ReadCommitted.settings(kafka.clientSettings());
        settings.put("client.id", "redpacket-ledger");
        settings.put("max.poll.records", MAX_BATCH);
        this.consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Connects to PostgreSQL, creates missing tables, and starts the ledger's thread. If PostgreSQL is unavailable, the
     * thread waits for it and does the same.
     *
     * @throws LedgerException if PostgreSQL refuses the user or the password, or cannot be used for another reason that
     *     does not pass by itself
     */
    public static Ledger start(KafkaAddress kafka, LedgerAddress postgres) {
        Ledger ledger = new Ledger(kafka, postgres);
        try (Connection connection = postgres.connect()) {
            LOG.info("Ledger in PostgreSQL {} at {}", connection.getMetaData().getDatabaseProductVersion(), postgres);
            ledger.layOutTables();
        } catch (SQLException e) {
            if (!passes(e) || e.getSQLState().startsWith(REFUSED)) {
                ledger.consumer.close();
                throw new LedgerException(e.getMessage(), e);
            }
            ledger.isUnavailable(e);
        } catch (LedgerException e) {
            ledger.consumer.close();
            throw e;
        }
        ledger.thread.start();
        return ledger;
    }

    /** Completes when this or another process writes the ledger for the first time. */
    CompletionStage<Void> ready() {
        return ready;
    }

    public LedgerHealth health() {
        return health;
    }

    /**
     * Returns when the ledger is closed.
     *
     * @throws LedgerException if the ledger failed
     */
    public void await() {
        try {
            end.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LedgerException known
                    ? known
                    : new LedgerException("The ledger stops: " + e.getCause(), e.getCause());
        }
    }

    /** Returns when the current batch is written or given up. */
    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (admin;
                consumer) {
            while (!isClosing()) {
                writeWhilePossible();
            }
        } catch (WakeupException closed) {
            // close() was called.
        } catch (RuntimeException e) {
            change(State.FAILED, e.getMessage());
            end.completeExceptionally(e);
            return;
        } catch (Error e) {
            change(State.FAILED, e.toString());
            end.completeExceptionally(e);
            throw e;
        }
        change(State.CLOSED, "");
        end.complete(null);
    }

    private void writeWhilePossible() {
        try (Connection connection = postgres.connect()) {
            layOutTables();
            write(new LedgerTables(connection));
        } catch (StalePositionException e) {
            change(State.STANDING_BY, e.getMessage());
            pause(BEFORE_TAKING_OVER);
        } catch (SQLException e) {
            if (!passes(e)) {
                throw new LedgerException("PostgreSQL at %s refuses: %s".formatted(postgres, e.getMessage()), e);
            }
            isUnavailable(e);
            pause(BEFORE_NEXT_TRY);
        } catch (RetriableException e) {
            change(State.WAITING, "Kafka unavailable: " + e.getMessage());
            pause(BEFORE_NEXT_TRY);
        }
    }

    private static boolean passes(SQLException e) {
        return e.getSQLState() != null && PASSING.contains(e.getSQLState().substring(0, 2));
    }

    private void isUnavailable(SQLException e) {
        change(State.WAITING, "PostgreSQL unavailable: " + e.getMessage());
    }

    private void layOutTables() throws SQLException {
        if (hasTables) {
            return;
        }
        try {
            LedgerTables.layOut(postgres);
            hasTables = true;
        } catch (FlywayException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql && passes(sql)) {
                    throw sql;
                }
            }
            throw new LedgerException("Cannot create the ledger's tables at " + postgres + ": " + e.getMessage(), e);
        }
    }

    private void write(LedgerTables tables) throws SQLException, StalePositionException {
        consumer.assign(partitions());
        Map<String, String> topicIds = topicIds();
        Map<TopicPartition, Long> positions =
                tables.positions(consumer.beginningOffsets(consumer.assignment()), topicIds);
        seek(positions);
        while (!isClosing()) {
            LedgerBatch batch;
            try {
                batch = LedgerBatch.of(consumer.poll(POLL), positions, advanced());
            } catch (OffsetOutOfRangeException e) {
                throw lost(e.offsetOutOfRangePartitions());
            }
            if (batch.isEmpty()) {
                tables.ping();
                if (health.state() != State.STANDING_BY) {
                    change(State.WRITING, "");
                }
            } else {
                requireSame(topicIds);
                tables.write(batch);
                positions.putAll(batch.next());
                change(State.WRITING, "");
            }
            health = health.after(batch.awards().size(), lag());
        }
    }

    /** Called after a batch was read, so that the batch comes from the topics with these ids. */
    private void requireSame(Map<String, String> topicIds) {
        topicIds().forEach((topic, id) -> {
            if (!id.equals(topicIds.get(topic))) {
                throw LedgerException.otherTopic(topic, id, topicIds.get(topic));
            }
        });
    }

    private Map<String, String> topicIds() {
        Map<String, String> ids = new HashMap<>();
        Topics.ids(admin, TOPICS.toArray(new Topic[0]))
                .forEach((topic, id) -> ids.put(topic.topicName(), id.toString()));
        return ids;
    }

    private List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : TOPICS) {
            List<PartitionInfo> found = consumer.partitionsFor(topic.topicName());
            if (found.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
            found.forEach(each -> partitions.add(new TopicPartition(each.topic(), each.partition())));
        }
        return partitions;
    }

    private void seek(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(positions.keySet());
        positions.forEach((partition, position) -> {
            if (position > ends.get(partition)) {
                throw lost(Map.of(partition, position));
            }
            consumer.seek(partition, position);
        });
    }

    private static LedgerException lost(Map<TopicPartition, Long> positions) {
        return new LedgerException(
                ("The ledger's next offsets are %s, and Kafka has no records there. Retention deleted them before the"
                                + " ledger read them, or the topic was deleted and created again. The ledger stops.")
                        .formatted(positions));
    }

    private Map<TopicPartition, Long> advanced() {
        return consumer.assignment().stream().collect(toMap(Function.identity(), consumer::position));
    }

    private long lag() {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private void change(State state, String detail) {
        State before = health.state();
        health = health.in(state, detail);
        if (state == State.WRITING || state == State.STANDING_BY) {
            ready.complete(null);
        }
        if (state == before) {
            return;
        }
        String sentence = detail == null || detail.isEmpty() ? "" : ": " + detail;
        if (state == State.FAILED) {
            LOG.error("Ledger failed{}", sentence);
        } else if (state == State.WAITING) {
            LOG.warn("Ledger waiting{}", sentence);
        } else {
            LOG.info("Ledger {}{}", state, sentence);
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause(Duration duration) {
        try {
            closing.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new LedgerException("The ledger was interrupted", e);
        }
    }
}
