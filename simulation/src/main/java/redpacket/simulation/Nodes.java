package redpacket.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import redpacket.events.Topic;

/** The nodes and stores of the real topology, as it adds them. */
final class Nodes extends Topology {
    final Map<Topic, Source> sources = new LinkedHashMap<>();
    final Map<String, ProcessorSupplier<?, ?, ?, ?>> processors = new LinkedHashMap<>();
    final Map<String, Sink> sinks = new HashMap<>();
    final Map<String, List<String>> children = new HashMap<>();
    final Set<String> stores = new LinkedHashSet<>();
    final Map<String, Set<String>> storesOf = new HashMap<>();

    record Source(String name, TimestampExtractor timestamps) {}

    record Sink(Topic topic, Serializer<Object> keys, Serializer<Object> values) {}

    @Override
    public synchronized <K, V> Topology addSource(
            org.apache.kafka.streams.AutoOffsetReset reset,
            String name,
            TimestampExtractor timestamps,
            Deserializer<K> keys,
            Deserializer<V> values,
            String... from) {
        sources.put(topic(from[0]), new Source(name, timestamps));
        return this;
    }

    @Override
    public synchronized <K, V> Topology addSource(
            org.apache.kafka.streams.AutoOffsetReset reset,
            String name,
            Deserializer<K> keys,
            Deserializer<V> values,
            String... from) {
        return addSource(reset, name, (record, time) -> record.timestamp(), keys, values, from);
    }

    @Override
    public synchronized <K, V, L, W> Topology addProcessor(
            String name, ProcessorSupplier<K, V, L, W> supplier, String... parents) {
        processors.put(name, supplier);
        addChild(name, parents);
        return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <K, V> Topology addSink(
            String name, String topic, Serializer<K> keys, Serializer<V> values, String... parents) {
        sinks.put(name, new Sink(topic(topic), (Serializer<Object>) keys, (Serializer<Object>) values));
        addChild(name, parents);
        return this;
    }

    @Override
    public synchronized <S extends StateStore> Topology addStateStore(StoreBuilder<S> builder, String... users) {
        stores.add(builder.name());
        for (String user : users) {
            connectProcessorAndStateStores(user, builder.name());
        }
        return this;
    }

    @Override
    public synchronized Topology connectProcessorAndStateStores(String user, String... connected) {
        storesOf.computeIfAbsent(user, none -> new LinkedHashSet<>()).addAll(List.of(connected));
        return this;
    }

    private void addChild(String name, String... parents) {
        for (String parent : parents) {
            children.computeIfAbsent(parent, none -> new ArrayList<>()).add(name);
        }
    }

    private static Topic topic(String name) {
        for (Topic topic : Topic.values()) {
            if (topic.topicName().equals(name)) {
                return topic;
            }
        }
        throw new IllegalArgumentException("No topic of the contract: " + name);
    }
}
