package redpacket.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import redpacket.events.Topic;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/** A task of a stream thread: the real processors of a partition, with their stores and the records they fetched. */
final class Task {
    private static final String DECIDE = "decide";

    private final StreamThread thread;
    private final Nodes nodes;
    private final int partition;
    private final long number;
    private final Map<String, Processor<Object, Object, ?, ?>> processors = new LinkedHashMap<>();
    private final Map<String, StateStore> stores = new HashMap<>();
    private final List<Punctuation> punctuations = new ArrayList<>();
    private final Map<Topic, Queue<ConsumerRecord<byte[], byte[]>>> fetched = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> positions = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> processed = new EnumMap<>(Topic.class);
    private ConsumerRecord<byte[], byte[]> current;
    private boolean changed;

    private static final class Punctuation {
        final String node;
        final long intervalNanos;
        final Punctuator callback;
        long nextNanos;

        Punctuation(String node, long intervalNanos, Punctuator callback, long nextNanos) {
            this.node = node;
            this.intervalNanos = intervalNanos;
            this.callback = callback;
            this.nextNanos = nextNanos;
        }
    }

    private record From(String topic, int partition, long offset) implements RecordMetadata {}

    Task(StreamThread thread, Nodes nodes, int partition, long number) {
        this.number = number;
        this.thread = thread;
        this.nodes = nodes;
        this.partition = partition;
    }

    /** The changelogs of a partition's task. */
    static List<String> changelogs(Nodes nodes, int partition) {
        return nodes.stores.stream().map(store -> changelog(store, partition)).toList();
    }

    static List<TopicPartition> inputs(Nodes nodes, int partition) {
        return nodes.sources.keySet().stream()
                .map(topic -> new TopicPartition(topic.topicName(), partition))
                .toList();
    }

    private static String changelog(String store, int partition) {
        return store + "-" + partition;
    }

    /** Restores the stores, and starts the processors. */
    void start() {
        for (String name : nodes.stores) {
            MapStore store = new MapStore(name, thread.log().changelog(changelog(name, partition)), (key, value) -> {
                thread.mayFail();
                thread.producer().change(changelog(name, partition), key, value);
                changed = true;
            });
            stores.put(name, name.equals(StateStores.WINNERS) ? new DeferredStore(store) : store);
        }
        nodes.sources.keySet().forEach(topic -> {
            fetched.put(topic, new ArrayDeque<>());
            Long committed = thread.log().committedOffsets().get(inputPartition(topic));
            positions.put(topic, committed == null ? thread.log().partition(topic, partition).firstOffset : committed);
        });
        nodes.processors.forEach((name, supplier) -> {
            @SuppressWarnings("unchecked")
            Processor<Object, Object, Object, Object> processor =
                    (Processor<Object, Object, Object, Object>) supplier.get();
            processors.put(name, processor);
            processor.init(new NodeContext(this, name));
        });
    }

    void close() {
        processors.values().forEach(Processor::close);
        stores.values().forEach(StateStore::close);
    }

    boolean hasFetched() {
        return fetched.values().stream().anyMatch(queue -> !queue.isEmpty());
    }

    void addFetched(Topic topic, List<ConsumerRecord<byte[], byte[]>> records) {
        fetched.get(topic).addAll(records);
    }

    long position(Topic topic) {
        return positions.get(topic);
    }

    void setPosition(Topic topic, long offset) {
        positions.put(topic, offset);
    }

    /** As Streams does: the oldest of the first records. */
    void processNext() {
        Topic oldest = null;
        long oldestTime = Long.MAX_VALUE;
        for (Map.Entry<Topic, Queue<ConsumerRecord<byte[], byte[]>>> each : fetched.entrySet()) {
            ConsumerRecord<byte[], byte[]> first = each.getValue().peek();
            if (first != null) {
                long at = timeOf(each.getKey(), first);
                if (at < oldestTime) {
                    oldest = each.getKey();
                    oldestTime = at;
                }
            }
        }
        current = fetched.get(oldest).remove();
        thread.producer().done(new SimulatedLog.Done(partition, oldest, current.offset(), wallMillis(), number));
        changed = true;
        Record<byte[], byte[]> record = new Record<>(current.key(), current.value(), oldestTime, current.headers());
        for (String child : nodes.children.get(nodes.sources.get(oldest).name())) {
            forward(child, record);
        }
        processed.put(oldest, current.offset() + 1);
        current = null;
    }

    private long timeOf(Topic topic, ConsumerRecord<?, ?> record) {
        @SuppressWarnings("unchecked")
        ConsumerRecord<Object, Object> any = (ConsumerRecord<Object, Object>) record;
        return nodes.sources.get(topic).timestamps().extract(any, 0);
    }

    boolean isPunctuationDue() {
        return punctuations.stream()
                .anyMatch(each -> each.nextNanos <= thread.time().nanoTime());
    }

    void punctuate() {
        for (Punctuation each : punctuations) {
            if (each.nextNanos <= thread.time().nanoTime()) {
                each.nextNanos = thread.time().nanoTime() + each.intervalNanos;
                if (each.node.equals(DECIDE)) {
                    thread.producer().done(new SimulatedLog.Done(partition, null, 0, wallMillis(), number));
                }
                changed = true;
                each.callback.punctuate(wallMillis());
            }
        }
    }

    boolean isChanged() {
        return changed;
    }

    /** The first step of a commit. */
    void flush() {
        for (String name : nodes.stores) {
            if (stores.get(name) instanceof DeferredStore deferred) {
                deferred.flushCache();
            }
        }
    }

    /** The input offsets to commit. */
    Map<TopicPartition, Long> offsets() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        processed.forEach((topic, next) ->
                offsets.put(inputPartition(topic), fetched.get(topic).isEmpty() ? positions.get(topic) : next));
        return offsets;
    }

    void committed() {
        changed = false;
        processed.clear();
    }

    @SuppressWarnings("unchecked")
    void forward(String child, Record<?, ?> record) {
        Nodes.Sink sink = nodes.sinks.get(child);
        if (sink == null) {
            processors.get(child).process((Record<Object, Object>) record);
            if (child.equals(DECIDE)) {
                mayHaveABug();
            }
            return;
        }
        thread.mayFail();
        byte[] key = sink.keys().serialize(sink.topic().topicName(), record.key());
        byte[] value = sink.values().serialize(sink.topic().topicName(), record.value());
        int to = key == null
                ? 0
                : BuiltInPartitioner.partitionForKey(key, thread.log().partitions());
        changed = true;
        thread.producer().send(sink.topic(), to, key, value, record.headers(), record.timestamp());
    }

    /** After the work, so that the state in memory has changed. */
    private void mayHaveABug() {
        String origin = current == null ? "" : Bugs.origin(current.topic(), current.partition(), current.offset());
        if (thread.bugs().strikesAt(origin)) {
            throw new Bugs.BugException(origin);
        }
    }

    Cancellable schedule(String node, Duration interval, Punctuator callback) {
        punctuations.add(new Punctuation(
                node, interval.toNanos(), callback, thread.time().nanoTime() + interval.toNanos()));
        return () -> {};
    }

    void requestCommit() {
        thread.requestCommit();
    }

    Nodes nodes() {
        return nodes;
    }

    StateStore store(String name) {
        return stores.get(name);
    }

    int partition() {
        return partition;
    }

    Optional<RecordMetadata> recordMetadata() {
        return Optional.ofNullable(current)
                .map(record -> new From(record.topic(), record.partition(), record.offset()));
    }

    long wallMillis() {
        return thread.wallMillis();
    }

    private TopicPartition inputPartition(Topic topic) {
        return new TopicPartition(topic.topicName(), partition);
    }
}
