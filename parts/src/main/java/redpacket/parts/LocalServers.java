package redpacket.parts;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.Topics;

/**
 * Everything the pipeline stands on: a real Kafka with the topics laid out, and a real Redis.
 *
 * <p>The system property {@code redpacket.parts} decides what they are: {@code embedded}, {@code containers}, or
 * {@code auto} (as when it is not set), which is containers where a Docker engine answers, else embedded.
 */
public final class LocalServers implements AutoCloseable {
    static final String CHOICE = "redpacket.parts";

    private static final short ONE_BROKER = 1;

    /** Enough that packets are spread over several tasks, few enough that a topology starts fast. */
    private static final int SHARED_PARTITIONS = 4;

    private final Servers servers;

    private LocalServers(Servers servers) {
        this.servers = servers;
    }

    /** New and empty parts, which only the caller uses; takes a few seconds, and says on standard error what they are. */
    public static LocalServers start(int partitions) {
        LocalServers servers = new LocalServers(startServers(System.getProperty(CHOICE, "auto")));
        try (Admin admin = Admin.create(servers.kafka().clientSettings())) {
            Topics.create(admin, partitions, ONE_BROKER, Map.of());
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
        System.err.println("Servers: " + servers);
        return servers;
    }

    /**
     * The same parts, with 4 partitions, for every caller in this JVM, until it exits. Others' packets are in them: use
     * packet ids of your own, and don't close them. A test that needs a clean slate starts its own.
     */
    public static LocalServers shared() {
        return Shared.PARTS;
    }

    public KafkaAddress kafka() {
        return servers.kafka();
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
