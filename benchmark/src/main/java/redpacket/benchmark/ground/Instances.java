package redpacket.benchmark.ground;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.takeover.LeavingClients;

/** Running instances of a topology in this JVM, each with its own stream threads, stores and clients. */
public final class Instances implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<KafkaStreams> all = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Builds the topology of one instance, and adds what it needs to the settings. */
    public interface Blueprint {
        Topology topology(Properties settings);
    }

    /** Starts the instances without waiting for them. */
    public static Instances start(Blueprint blueprint, Ground ground, Scale scale) {
        return start(blueprint, ground, scale, Map.of(), unstarted -> {});
    }

    /** The same with these Kafka clients. */
    public static Instances start(Blueprint blueprint, Ground ground, Scale scale, KafkaClientSupplier clients) {
        return start(blueprint, ground, scale, Map.of(), unstarted -> {}, Optional.of(clients));
    }

    /**
     * The same, with more control.
     *
     * @param more settings of Kafka Streams
     * @param prepare is called with each instance before it starts
     */
    public static Instances start(
            Blueprint blueprint, Ground ground, Scale scale, Map<String, Object> more, Consumer<KafkaStreams> prepare) {
        return start(blueprint, ground, scale, more, prepare, Optional.empty());
    }

    private static Instances start(
            Blueprint blueprint,
            Ground ground,
            Scale scale,
            Map<String, Object> more,
            Consumer<KafkaStreams> prepare,
            Optional<KafkaClientSupplier> clients) {
        Instances instances = new Instances();
        for (int i = 0; i < scale.instances(); i++) {
            Properties settings = new StreamsSettings(
                            ground.kafka(),
                            Ground.APPLICATION,
                            ground.stateDirectory(i),
                            scale.threads(),
                            ground.replicas())
                    .toProperties();
            settings.putAll(more);
            Topology topology = blueprint.topology(settings);
            KafkaStreams streams = new KafkaStreams(topology, settings, clients.orElseGet(LeavingClients::new));
            streams.setUncaughtExceptionHandler(instances::fail);
            prepare.accept(streams);
            instances.all.add(streams);
        }
        instances.all.forEach(KafkaStreams::start);
        return instances;
    }

    private Instances() {}

    /** A failed thread is not replaced, unlike in the application, so that a failure in a run is reported. */
    private StreamThreadExceptionResponse fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /** Returns when every thread has tasks. */
    public Instances awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!all.stream().allMatch(Instances::isReady)) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Kafka Streams is not ready after " + PATIENCE.toSeconds() + " s: "
                        + all.stream().map(KafkaStreams::state).toList());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return this;
    }

    private static boolean isReady(KafkaStreams streams) {
        var threads = streams.metadataForLocalThreads();
        return streams.state() == State.RUNNING
                && !threads.isEmpty()
                && threads.stream().noneMatch(thread -> thread.activeTasks().isEmpty());
    }

    /** Throws the failure that ended an instance, if there is one. */
    public void requireAlive() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("A stream thread failed: " + cause.getMessage(), cause);
        }
    }

    /** Stops fetching and answering until {@link #resume}. */
    public void pause() {
        all.forEach(KafkaStreams::pause);
    }

    public void resume() {
        all.forEach(KafkaStreams::resume);
    }

    /** The maximum of a metric over all instances; 0 if nothing was measured. */
    public double largest(String group, String metric) {
        return all.stream()
                .flatMap(streams -> streams.metrics().values().stream())
                .filter(each -> each.metricName().group().equals(group)
                        && each.metricName().name().equals(metric))
                .mapToDouble(each -> each.metricValue() instanceof Double value ? value : Double.NaN)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    /** The first instance. There is at least one. */
    public KafkaStreams first() {
        return all.get(0);
    }

    @Override
    public void close() {
        all.forEach(KafkaStreams::close);
    }
}
