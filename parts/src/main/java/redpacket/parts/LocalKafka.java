package redpacket.parts;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import redpacket.clients.KafkaAddress;

/** A real Kafka broker in this JVM: one node, broker and controller, on 127.0.0.1, with its own folder. */
public final class LocalKafka implements AutoCloseable {
    /** Each instance has its own node id, because Kafka registers its JMX beans by node id for the whole JVM. */
    private static final AtomicInteger NEXT_NODE_ID = new AtomicInteger(1);

    private final int port = FreePort.next();
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-kafka-");
    private final KafkaConfig config;
    private final Ending ending = Ending.of(this::stopAndDelete);
    private KafkaRaftServer server;

    private LocalKafka(Map<String, String> more) {
        int nodeId = NEXT_NODE_ID.getAndIncrement();
        Map<String, String> settings = settings(nodeId, port, FreePort.next(), folder.path());
        settings.putAll(more);
        this.config = new KafkaConfig(settings, false);
        format(nodeId, Uuid.randomUuid().toString(), folder.path());
    }

    /** Returns when the broker accepts requests, after some seconds. */
    public static LocalKafka start() {
        return start(Map.of());
    }

    /**
     * The same with more broker settings. The listeners are CLIENTS, which brokers use too, and CONTROLLER.
     */
    public static LocalKafka start(Map<String, String> settings) {
        LocalKafka kafka = new LocalKafka(settings);
        try {
            kafka.restart();
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
        return kafka;
    }

    public KafkaAddress address() {
        return KafkaAddress.of(bootstrapServers());
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker cleanly and keeps its data for {@link #restart}. */
    public synchronized void stop() {
        if (server != null) {
            server.shutdown();
            server.awaitShutdown();
            server = null;
        }
    }

    /** Stops the broker if it runs, and starts it on the same port with the same data. */
    public synchronized void restart() {
        stop();
        server = new KafkaRaftServer(config, Time.SYSTEM);
        server.startup();
    }

    @Override
    public void close() {
        ending.close();
    }

    /** In this order also when the JVM exits: a broker halts the JVM if its folder vanishes. */
    private void stopAndDelete() {
        try {
            stop();
        } finally {
            folder.delete();
        }
    }

    Path folder() {
        return folder.path();
    }

    static Map<String, String> settings(int nodeId, int port, int controllerPort, Path folder) {
        Map<String, String> settings = new HashMap<>(BrokerSettings.STANDING_ALONE);
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(nodeId));
        settings.put("listeners", "CLIENTS://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "CLIENTS");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", nodeId + "@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", folder.toString());
        return settings;
    }

    static void format(int nodeId, String clusterId, Path folder) {
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(clusterId)
                    .setNodeId(nodeId)
                    .addDirectory(folder.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(folder.toString())
                    .setPrintStream(nowhere)
                    .run();
        } catch (Exception e) {
            throw new IllegalStateException("Kafka cannot use the folder " + folder, e);
        }
    }
}
