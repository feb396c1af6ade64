package redpacket.parts;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.Topics;

/**
 * The servers below the pipeline: a real Kafka with all topics, and a real Redis.
 *
 * <p>The system property {@code redpacket.parts} selects their kind: {@code embedded}, {@code containers}, or {@code
 * auto} (the default), which means containers if a Docker engine answers, otherwise embedded.
 */
public final class LocalServers implements AutoCloseable {
    static final String CHOICE = "redpacket.parts";

    /** Enough to spread packets over several tasks, few enough for a fast start. */
    private static final int SHARED_PARTITIONS = 4;

    private final Servers servers;

    private LocalServers(Servers servers) {
        this.servers = servers;
    }

    /** Starts empty servers for one caller. Takes a few seconds, and prints their kind on standard error. */
    public static LocalServers start(int partitions) {
        return withTopics(startServers(System.getProperty(CHOICE, "auto")), partitions);
    }

    /** The same with three brokers, which are always child processes. Takes some ten seconds. */
    public static LocalServers startCluster(int partitions) {
        return withTopics(ClusterServers.start(), partitions);
    }

    private static LocalServers withTopics(Servers started, int partitions) {
        LocalServers servers = new LocalServers(started);
        try (Admin admin = Admin.create(servers.kafka().clientSettings())) {
            Topics.create(admin, partitions, servers.replicas(), Map.of());
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        System.err.println("Servers: " + servers);
        return servers;
    }

    /**
     * Servers with 4 partitions that all callers in this JVM share until it exits. They hold the packets of other
     * tests: use your own packet ids, and do not close them. A test that needs empty servers starts its own.
     */
    public static LocalServers shared() {
        return Shared.PARTS;
    }

    public KafkaAddress kafka() {
        return servers.kafka();
    }

    /** How many brokers hold each record. */
    public short replicas() {
        return servers.replicas();
    }

    public RedisAddress redis() {
        return servers.redis();
    }

    @Override
    public void close() {
        servers.close();
    }

    @Override
    public String toString() {
        return servers.kind() + " Kafka at " + kafka() + " and Redis at " + redis();
    }

    private static Servers startServers(String choice) {
        return switch (choice) {
            case "embedded" -> EmbeddedServers.start();
            case "containers" -> ContainerServers.start();
            case "auto" ->
                DockerClientFactory.instance().isDockerAvailable() ? ContainerServers.start() : EmbeddedServers.start();
            default ->
                throw new IllegalArgumentException(CHOICE + " must be embedded, containers or auto, but is " + choice);
        };
    }

    private static final class Shared {
        static final LocalServers PARTS = start(SHARED_PARTITIONS);
    }
}
