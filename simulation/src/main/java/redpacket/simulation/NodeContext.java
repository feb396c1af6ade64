package redpacket.simulation;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** What a processor sees of its task. */
final class NodeContext implements ProcessorContext<Object, Object> {
    private final Task task;
    private final String node;

    NodeContext(Task task, String node) {
        this.task = task;
        this.node = node;
    }

    @Override
    public <K, V> void forward(Record<K, V> record) {
        for (String child : task.nodes().children.getOrDefault(node, List.of())) {
            forward(record, child);
        }
    }

    @Override
    public <K, V> void forward(Record<K, V> record, String child) {
        if (!task.nodes().children.getOrDefault(node, List.of()).contains(child)) {
            throw new IllegalArgumentException(node + " has no child " + child);
        }
        task.forward(child, record);
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <S extends StateStore> S getStateStore(String name) {
        if (!task.nodes().storesOf.get(node).contains(name)) {
            throw new IllegalArgumentException(node + " has no store " + name);
        }
        return (S) task.store(name);
    }

    @Override
    public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
        if (type != PunctuationType.WALL_CLOCK_TIME) {
            throw new UnsupportedOperationException();
        }
        return task.schedule(node, interval, callback);
    }

    @Override
    public void commit() {
        task.requestCommit();
    }

    @Override
    public TaskId taskId() {
        return new TaskId(0, task.partition());
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return task.recordMetadata();
    }

    @Override
    public long currentSystemTimeMs() {
        return task.wallMillis();
    }

    @Override
    public Cancellable schedule(Instant start, Duration interval, PunctuationType type, Punctuator callback) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String applicationId() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Serde<?> keySerde() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Serde<?> valueSerde() {
        throw new UnsupportedOperationException();
    }

    @Override
    public File stateDir() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamsMetrics metrics() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> appConfigs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> appConfigsWithPrefix(String prefix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long currentStreamTimeMs() {
        throw new UnsupportedOperationException();
    }
}
