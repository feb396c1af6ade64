package redpacket.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import redpacket.events.Topic;

/**
 * A Kafka: partitions, transactions with their markers and their coordinator, committed offsets, and changelogs.
 *
 * <p>A transaction ends at its coordinator. Its partitions become readable one after the other, when their markers are
 * written. A changelog is a map of what was committed, and whether a transaction that touches it is unfinished.
 */
final class SimulatedLog {
    private static final long TRANSACTION_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MOST_MARKER_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

    private final SimulatedTime time;
    private final Random random;
    private final int partitions;
    private final Map<Topic, List<Partition>> topics = new EnumMap<>(Topic.class);
    private final Map<String, NavigableMap<Bytes, byte[]>> changelogs = new HashMap<>();
    private final Map<String, Coordinated> coordinated = new HashMap<>();
    private final Set<Transaction> unfinished = new LinkedHashSet<>();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();
    private final Consumer<Transaction> committed;

    /** What the broker's clock adds to the true time. */
    long clockMillis;

    /** A record, or the marker of a transaction. */
    @SuppressWarnings("ArrayRecordComponent") // Entries are not compared.
    record Entry(byte[] key, byte[] value, Headers headers, long timestamp, Transaction transaction) {
        boolean isMarker() {
            return headers == null;
        }
    }

    static final class Partition {
        final TopicPartition name;
        final List<Entry> entries = new ArrayList<>();

        /** Retention has deleted the records before it. */
        long firstOffset;

        Partition(TopicPartition name) {
            this.name = name;
        }
    }

    private enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** What an input partition's task did in a transaction. */
    record Done(int partition, Topic topic, long offset, long wallMillis, long task) {}

    @SuppressWarnings("ArrayRecordComponent") // Changes are not compared.
    record Change(String changelog, Bytes key, byte[] value) {}

    record Written(Topic topic, int partition, Entry entry) {}

    static final class Transaction {
        final String id;
        final List<Done> done = new ArrayList<>();
        final List<Written> written = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final Map<TopicPartition, Long> offsets = new HashMap<>();
        private final Set<Partition> unmarked = new LinkedHashSet<>();
        private boolean offsetsPending;
        private State state = State.OPEN;

        private Transaction(String id) {
            this.id = id;
        }
    }

    private static final class Coordinated {
        int epoch = -1;
        Transaction open;
    }

    /**
     * @param committed is told of each transaction when its coordinator has committed it
     */
    SimulatedLog(SimulatedTime time, Random random, int partitions, Consumer<Transaction> committed) {
        this.time = time;
        this.random = random;
        this.partitions = partitions;
        this.committed = committed;
        for (Topic topic : Topic.values()) {
            List<Partition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new Partition(new TopicPartition(topic.topicName(), i)));
            }
            topics.put(topic, all);
        }
    }

    int partitions() {
        return partitions;
    }

    Partition partition(Topic topic, int number) {
        return topics.get(topic).get(number);
    }

    long brokerMillis() {
        return time.currentTimeMillis() + clockMillis;
    }

    /** Appends a record of a client without a transaction, and returns its offset. */
    long append(Topic topic, int partition, byte[] key, byte[] value) {
        List<Entry> entries = partition(topic, partition).entries;
        entries.add(new Entry(key, value, new RecordHeaders(), brokerMillis(), null));
        return entries.size() - 1L;
    }

    /** The producer of a stream thread or of a client. */
    final class Producer {
        private final String id;
        private final int epoch;
        private final boolean transactional;

        /** What a producer without transactions did since its last commit. */
        private Transaction unbound;

        private Producer(String id, int epoch, boolean transactional) {
            this.id = id;
            this.epoch = epoch;
            this.transactional = transactional;
        }

        /** Returns the offset. */
        long send(Topic topic, int partition, byte[] key, byte[] value, Headers headers, long timestamp) {
            Transaction open = transaction();
            Partition to = partition(topic, partition);
            boolean brokersTime = "LogAppendTime".equals(topic.settings().get("message.timestamp.type"));
            Entry entry = new Entry(
                    key, value, headers, brokersTime ? brokerMillis() : timestamp, transactional ? open : null);
            to.entries.add(entry);
            if (transactional) {
                open.unmarked.add(to);
            }
            open.written.add(new Written(topic, partition, entry));
            return to.entries.size() - 1L;
        }

        void change(String changelog, Bytes key, byte[] value) {
            Change change = new Change(changelog, key, value);
            if (transactional) {
                transaction().changes.add(change);
            } else {
                apply(change);
            }
        }

        void done(Done done) {
            transaction().done.add(done);
        }

        /** @throws CommitFailedException if the group does not know the member any more */
        void sendOffsets(Map<TopicPartition, Long> positions, boolean isMember) {
            Transaction open = transaction();
            if (!isMember) {
                throw new CommitFailedException("the member was removed from the group");
            }
            open.offsets.putAll(positions);
            open.offsetsPending = transactional;
        }

        void commit() {
            if (transactional) {
                end(transaction(), State.COMMITTED);
            } else {
                Transaction done = transaction();
                unbound = null;
                offsets.putAll(done.offsets);
                committed.accept(done);
            }
        }

        void abort() {
            Coordinated mine = coordinated.get(id);
            if (mine.epoch == epoch && mine.open != null) {
                end(mine.open, State.ABORTED);
            }
        }

        private Transaction transaction() {
            if (!transactional) {
                unbound = unbound == null ? new Transaction(id) : unbound;
                return unbound;
            }
            Coordinated mine = coordinated.get(id);
            if (mine.epoch != epoch) {
                throw new InvalidProducerEpochException("the producer " + id + " was fenced");
            }
            if (mine.open == null) {
                Transaction begun = new Transaction(id);
                mine.open = begun;
                unfinished.add(begun);
                time.after(TRANSACTION_TIMEOUT_NANOS, () -> abortIfOpen(mine, begun));
            }
            return mine.open;
        }
    }

    /** Fences the producers with this id, and finishes their transaction. */
    Producer producer(String id, boolean transactional) {
        fence(id);
        return new Producer(id, coordinated.get(id).epoch, transactional);
    }

    /** Returns whether a transaction was open. */
    boolean fence(String id) {
        Coordinated its = coordinated.computeIfAbsent(id, none -> new Coordinated());
        its.epoch++;
        boolean open = its.open != null;
        if (open) {
            end(its.open, State.ABORTED);
        }
        return open;
    }

    private void abortIfOpen(Coordinated its, Transaction begun) {
        if (begun.state == State.OPEN) {
            its.epoch++;
            end(begun, State.ABORTED);
        }
    }

    private void end(Transaction transaction, State state) {
        transaction.state = state;
        coordinated.get(transaction.id).open = null;
        for (Partition partition : List.copyOf(transaction.unmarked)) {
            time.after(random.nextLong(MOST_MARKER_NANOS), () -> {
                partition.entries.add(new Entry(null, null, null, 0, transaction));
                transaction.unmarked.remove(partition);
                finish(transaction);
            });
        }
        if (transaction.offsetsPending) {
            time.after(random.nextLong(MOST_MARKER_NANOS), () -> {
                if (state == State.COMMITTED) {
                    offsets.putAll(transaction.offsets);
                }
                transaction.offsetsPending = false;
                finish(transaction);
            });
        }
        if (state == State.COMMITTED) {
            transaction.changes.forEach(this::apply);
            committed.accept(transaction);
        }
        finish(transaction);
    }

    private void apply(Change change) {
        NavigableMap<Bytes, byte[]> changelog = changelog(change.changelog);
        if (change.value == null) {
            changelog.remove(change.key);
        } else {
            changelog.put(change.key, change.value);
        }
    }

    private void finish(Transaction transaction) {
        if (transaction.unmarked.isEmpty() && !transaction.offsetsPending) {
            unfinished.remove(transaction);
        }
    }

    /** Before the oldest record of an unfinished transaction. */
    long stableEnd(Partition partition) {
        long end = partition.entries.size();
        if (unfinished.isEmpty()) {
            return end;
        }
        for (int at = 0; at < end; at++) {
            Transaction transaction = partition.entries.get(at).transaction;
            if (transaction != null && transaction.unmarked.contains(partition)) {
                return at;
            }
        }
        return end;
    }

    /** Whether readers of committed records get this entry, or will get it if its transaction commits. */
    static boolean isRecord(Entry entry) {
        return !entry.isMarker() && (entry.transaction == null || entry.transaction.state != State.ABORTED);
    }

    NavigableMap<Bytes, byte[]> changelog(String name) {
        return changelogs.computeIfAbsent(name, none -> new TreeMap<>());
    }

    /** Whether no unfinished transaction touches a changelog or the committed offset of an input. */
    boolean isSettled(List<String> changelogNames, List<TopicPartition> inputs) {
        return unfinished.stream()
                .noneMatch(transaction ->
                        transaction.changes.stream().anyMatch(change -> changelogNames.contains(change.changelog))
                                || inputs.stream()
                                        .anyMatch(input ->
                                                transaction.offsetsPending && transaction.offsets.containsKey(input)));
    }

    Map<TopicPartition, Long> committedOffsets() {
        return offsets;
    }
}
