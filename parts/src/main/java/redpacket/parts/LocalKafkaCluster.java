package redpacket.parts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import redpacket.clients.KafkaAddress;

/**
 * A real Kafka cluster of three brokers, each in a process of its own. Every record has three replicas, two of which
 * must be in sync. So the cluster survives the loss of any one broker. Each broker is a controller too.
 */
public final class LocalKafkaCluster implements AutoCloseable {
    public static final int BROKERS = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int POLL_MILLIS = 100;

    private static final Map<String, String> REPLICATED = Map.of(
            "default.replication.factor", "3",
            "min.insync.replicas", "2",
            "offsets.topic.replication.factor", "3",
            "transaction.state.log.replication.factor", "3",
            "transaction.state.log.min.isr", "2");

    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-kafka-cluster-");
    private final List<LocalBroker> brokers = new ArrayList<>();
    private final Ending ending = Ending.of(this::end);
    private boolean keepsLogs;

    private LocalKafkaCluster(Map<String, String> more) {
        String clusterId = Uuid.randomUuid().toString();
        Map<Integer, Integer> controllerPorts = new HashMap<>();
        for (int id = 1; id <= BROKERS; id++) {
            controllerPorts.put(id, FreePort.next());
        }
        Map<String, String> settings = new HashMap<>(REPLICATED);
        settings.putAll(more);
        settings.put(
                "controller.quorum.voters",
                controllerPorts.entrySet().stream()
                        .map(voter -> voter.getKey() + "@127.0.0.1:" + voter.getValue())
                        .collect(Collectors.joining(",")));
        for (int id = 1; id <= BROKERS; id++) {
            brokers.add(
                    new LocalBroker(id, FreePort.next(), controllerPorts.get(id), clusterId, folder.path(), settings));
        }
    }

    /** Returns when all brokers have joined the cluster, after some ten seconds. */
    public static LocalKafkaCluster start() {
        return start(Map.of());
    }

    /** The same with more broker settings. */
    public static LocalKafkaCluster start(Map<String, String> settings) {
        LocalKafkaCluster cluster = new LocalKafkaCluster(settings);
        try {
            cluster.brokers.forEach(LocalBroker::start);
            cluster.awaitAll();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    public KafkaAddress address() {
        return KafkaAddress.of(
                brokers.stream().map(broker -> "127.0.0.1:" + broker.port()).collect(Collectors.joining(",")));
    }

    public List<LocalBroker> brokers() {
        return List.copyOf(brokers);
    }

    /** The broker that leads a partition at the moment. */
    public LocalBroker leaderOf(TopicPartition partition) {
        return ask(
                admin -> await(admin.describeTopics(Set.of(partition.topic())).allTopicNames())
                        .get(partition.topic())
                        .partitions()
                        .get(partition.partition())
                        .leader()
                        .id());
    }

    /** The broker that leads the quorum of controllers at the moment. */
    public LocalBroker controller() {
        return ask(admin -> await(admin.describeMetadataQuorum().quorumInfo()).leaderId());
    }

    /** The broker that coordinates a transaction of some producer at the moment. */
    public LocalBroker coordinator() {
        return ask(admin -> await(admin.listTransactions().byBrokerId()).entrySet().stream()
                .filter(broker -> !await(broker.getValue()).isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no transaction"))
                .getKey());
    }

    /** Stops and starts each broker when all replicas are in sync, as an upgrade does. */
    public void restartOneByOne() {
        for (LocalBroker broker : brokers) {
            awaitAll();
            broker.stop();
            broker.start();
        }
        awaitAll();
    }

    /** Resumes and starts every broker. Does not wait until they answer. */
    public void heal() {
        brokers.forEach(broker -> {
            broker.resume();
            broker.start();
        });
    }

    /**
     * Waits until all brokers are in the cluster, and all replicas of all partitions are in sync.
     *
     * @throws IllegalStateException if they are not within a minute
     */
    public void awaitAll() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = Admin.create(address().clientSettings())) {
            while (!isWhole(admin)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "The brokers are not all in sync after " + PATIENCE + ". Their logs: "
                                    + brokers.stream().map(LocalBroker::log).toList());
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while brokers start", e);
        }
    }

    private static boolean isWhole(Admin admin) {
        try {
            return await(admin.describeCluster().nodes()).size() == BROKERS
                    && await(admin.describeTopics(await(admin.listTopics().names()))
                                    .allTopicNames())
                            .values()
                            .stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(partition -> partition.isr().size()
                                    == partition.replicas().size());
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    private interface Question {
        int askOf(Admin admin);
    }

    private LocalBroker ask(Question question) {
        try (Admin admin = Admin.create(address().clientSettings())) {
            int id = question.askOf(admin);
            return brokers.stream()
                    .filter(broker -> broker.id() == id)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The cluster does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the cluster answers", e);
        }
    }

    /** Keeps the logs of the brokers after this cluster is closed. Returns their directory. */
    public Path keepLogs() {
        keepsLogs = true;
        return folder.path();
    }

    @Override
    public void close() {
        ending.close();
    }

    private void end() {
        brokers.forEach(LocalBroker::kill);
        if (keepsLogs) {
            brokers.forEach(LocalBroker::loseDisk);
        } else {
            folder.delete();
        }
    }

    @Override
    public String toString() {
        return BROKERS + " brokers at " + address();
    }
}
