package redpacket.topology.watch;

import static java.util.stream.Collectors.joining;

import io.micrometer.core.instrument.Gauge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.Topics;
import redpacket.service.Metrics;

/**
 * Follows the input partitions of the topology on a thread of its own: whether records wait for their decision, for how
 * long, and why. What it tells is what the latest look saw, so nobody waits for an answer.
 *
 * <p>Each instance watches all partitions of its group, so that a partition without an instance is seen too.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    /** A partition that stands for this long is in trouble. Longer than a commit, shorter than anybody's patience. */
    public static final Duration TROUBLE = Duration.ofSeconds(10);

    /** Without a look for this long, nothing is known of the present. */
    private static final Duration BLIND = Duration.ofSeconds(15);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_SEARCHES = Duration.ofSeconds(10);

    /** Of partitions that transactions hold up: more would make no sentence. */
    private static final int MOST_TOLD = 3;

    private final KafkaAddress kafka;
    private final String group;
    private final Optional<Guard> guard;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<TopicPartition> shown = new HashSet<>();

    private List<String> obstacles = List.of();
    private long searchedNanos;

    private volatile Metrics metrics;
    private volatile View view = new View(Map.of(), Optional.empty(), System.nanoTime(), "no look yet");
    private volatile String stuck;

    /** The instance in whose process a watch runs, as far as the watch has to know it. */
    public interface Instance {
        /** The beginning of the client ids of its consumers. */
        String clientId();

        /** Why it cannot decide although its threads work, such as an outage of Redis. */
        Optional<String> outage();

        /** The latest failure of a stream thread, if one has failed in the last minute. */
        Optional<Failures.Failure> failure();

        /** Records restored since the start: while they grow, a long rebalance goes on. */
        long restored();
    }

    /**
     * What is known.
     *
     * @param trouble a sentence, if partitions stand
     * @param failure why the latest look failed; empty if it did not
     */
    private record View(
            Map<TopicPartition, InputLook> inputs, Optional<String> trouble, long takenNanos, String failure) {

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - takenNanos);
        }
    }

    private Watch(KafkaAddress kafka, String group, Optional<Guard> guard) {
        this.kafka = kafka;
        this.group = group;
        this.guard = guard;
        Thread thread = new Thread(this::run, "watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Watches a group from outside. */
    public static Watch over(KafkaAddress kafka, String group) {
        return new Watch(kafka, group, Optional.empty());
    }

    /**
     * Watches a group from the process of one of its instances.
     *
     * @param stuckAfter for how long the instance may decide nothing although it could
     * @param folder for thread dumps
     */
    public static Watch over(KafkaAddress kafka, String group, Instance instance, Duration stuckAfter, Path folder) {
        return new Watch(kafka, group, Optional.of(new Guard(group, instance, stuckAfter, folder)));
    }

    /** All input partitions; empty before the first look. */
    public Collection<InputLook> inputs() {
        return view.inputs.values();
    }

    /** Which partitions stand, at which offset, for how long and why. Empty if all go on. */
    public Optional<String> trouble() {
        View now = view;
        return now.age().compareTo(BLIND) > 0
                ? Optional.of("Kafka at %s does not answer for %d s: %s"
                        .formatted(kafka, now.age().toSeconds(), now.failure))
                : now.trouble;
    }

    /** Why the instance should end: it has records and decides none, although it could. A sentence. */
    public Optional<String> stuck() {
        return Optional.ofNullable(stuck);
    }

    /** Registers gauges for each partition. They stay, whatever becomes of consumers and threads. */
    public void showIn(Metrics all) {
        Gauge.builder("redpacket.watch.age", this, watch -> watch.view.age().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("Since the watch last saw the input partitions")
                .register(all.registry());
        metrics = all;
    }

    @Override
    public void close() {
        // A look under way ends by itself, within seconds, and holds up nobody.
        closing.countDown();
    }

    /** An admin client that does not wait for long. */
    static Admin admin(KafkaAddress kafka) {
        Map<String, Object> settings = kafka.clientSettings();
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Looks.TIMEOUT_MILLIS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Looks.TIMEOUT_MILLIS);
        return Admin.create(settings);
    }

    private void run() {
        try {
            while (!isClosing()) {
                try (Admin admin = admin(kafka);
                        Looks looks = new Looks(kafka, group, admin)) {
                    Obstacles search = new Obstacles(admin, group, kafka.bootstrapServers());
                    while (!isClosing()) {
                        look(admin, looks, search);
                    }
                } catch (KafkaException e) {
                    failed(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits first, because a thread that only fails must not be busy. */
    private boolean isClosing() throws InterruptedException {
        return closing.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(Admin admin, Looks looks, Obstacles search) throws InterruptedException {
        try {
            Map<TopicPartition, InputLook> inputs = looks.take();
            Optional<String> trouble = trouble(inputs.values(), admin, search);
            if (trouble.isPresent() != view.trouble.isPresent()) {
                trouble.ifPresentOrElse(LOG::warn, () -> LOG.info("All input partitions go on"));
            }
            view = new View(inputs, trouble, System.nanoTime(), "");
            inputs.keySet().forEach(this::show);
            if (guard.isPresent() && stuck == null) {
                stuck = guard.get().judge(inputs, admin, search).orElse(null);
            }
        } catch (ExecutionException | RuntimeException e) {
            // Also a mistake of its own must not end the watch.
            looks.forgetPartitions();
            failed(e);
        }
    }

    private void failed(Exception e) {
        Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
        View before = view;
        view = new View(before.inputs, before.trouble, before.takenNanos, String.valueOf(cause.getMessage()));
        LOG.debug("The watch sees nothing", e);
    }

    private Optional<String> trouble(Collection<InputLook> inputs, Admin admin, Obstacles search)
            throws InterruptedException, ExecutionException {
        List<InputLook> standing = inputs.stream()
                .filter(input -> input.standing().compareTo(TROUBLE) >= 0)
                .sorted(Comparator.comparing(InputLook::standing).reversed())
                .toList();
        // A topic that is written seldom may be missing long before a partition stands.
        List<String> sentences = new ArrayList<>(Topics.missing(admin));
        if (standing.isEmpty()) {
            obstacles = List.of();
            return sentences.isEmpty() ? Optional.empty() : Optional.of(join(sentences));
        }
        List<InputLook> blocked =
                standing.stream().filter(InputLook::isBlocked).limit(MOST_TOLD).toList();
        Map<TopicPartition, OpenTransaction> open = OpenTransaction.oldest(
                admin, blocked.stream().map(InputLook::partition).toList());
        for (InputLook input : blocked) {
            OpenTransaction transaction = open.get(input.partition());
            String why = transaction == null
                    ? "a transaction is open there"
                    : search.told(List.of(transaction)).get(0);
            sentences.add("%s stands for %d s: %s"
                    .formatted(words(input), input.standing().toSeconds(), why));
        }
        List<InputLook> others =
                standing.stream().filter(input -> !input.isBlocked()).toList();
        if (!others.isEmpty()) {
            sentences.add("%s %s for %d s: %s"
                    .formatted(
                            others.stream().map(Watch::words).collect(joining(", ")),
                            others.size() == 1 ? "stands" : "stand",
                            others.get(0).standing().toSeconds(),
                            reason(search)));
        }
        return Optional.of(join(sentences));
    }

    private static String words(InputLook input) {
        return input.partition() + " at offset " + input.waiting().orElseThrow().offset();
    }

    private String reason(Obstacles search) throws InterruptedException, ExecutionException {
        Optional<String> outage = guard.flatMap(Guard::outage);
        if (outage.isPresent()) {
            return outage.get();
        }
        Optional<String> failure = guard.flatMap(Guard::failure);
        if (failure.isPresent()) {
            return failure.get();
        }
        if (obstacles.isEmpty() || System.nanoTime() - searchedNanos > BETWEEN_SEARCHES.toNanos()) {
            obstacles = search.find();
            searchedNanos = System.nanoTime();
        }
        return obstacles.isEmpty() ? "no stream thread decides it, and the cause is unknown" : join(obstacles);
    }

    private static String join(List<String> sentences) {
        return String.join("; ", sentences);
    }

    private void show(TopicPartition partition) {
        if (metrics == null || !shown.add(partition)) {
            return;
        }
        gauge(partition, "lag", "", "Records that are not decided yet", InputLook::lag);
        gauge(
                partition,
                "age",
                "seconds",
                "Age of the oldest undecided record",
                input -> seconds(input.age(System.currentTimeMillis())));
        gauge(
                partition,
                "standing",
                "seconds",
                "How long the same record is the oldest undecided one",
                input -> seconds(input.standing()));
    }

    private void gauge(
            TopicPartition partition, String name, String unit, String what, ToDoubleFunction<InputLook> value) {
        Gauge.builder("redpacket.input." + name, this, watch -> value.applyAsDouble(watch.view.inputs.get(partition)))
                .baseUnit(unit.isEmpty() ? null : unit)
                .description(what)
                .tag("topic", partition.topic())
                .tag("partition", String.valueOf(partition.partition()))
                .register(metrics.registry());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
