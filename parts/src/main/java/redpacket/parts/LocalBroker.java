package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A broker of a {@link LocalKafkaCluster} in a process of its own. It is a controller too. */
public final class LocalBroker extends JavaProcess {
    private final int id;
    private final int port;
    private final String clusterId;
    private final Path folder;
    private final Path clock;
    private final Properties settings = new Properties();

    LocalBroker(int id, int port, int controllerPort, String clusterId, Path folder, Map<String, String> more) {
        this(id, port, clusterId, folder.resolve("broker-" + id), folder.resolve("clock-" + id));
        settings.putAll(LocalKafka.settings(id, port, controllerPort, data()));
        settings.putAll(more);
    }

    private LocalBroker(int id, int port, String clusterId, Path folder, Path clock) {
        super("broker " + id, folder.resolve("log"));
        this.id = id;
        this.port = port;
        this.clusterId = clusterId;
        this.folder = folder;
        this.clock = clock;
    }

    public int id() {
        return id;
    }

    public int port() {
        return port;
    }

    /** Formats an empty disk. The port and the data are those of the last start. */
    @Override
    protected List<String> program() {
        Path file = folder.resolve("server.properties");
        try {
            if (!Files.exists(data())) {
                Files.createDirectories(data());
                LocalKafka.format(id, clusterId, data());
            }
            try (Writer writer = Files.newBufferedWriter(file)) {
                settings.store(writer, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-Xmx300m", "-Dredpacket.log=WARN", "kafka.Kafka", file.toString());
    }

    @Override
    protected void prepare(ProcessBuilder builder) {
        if (Files.exists(clock)) {
            FakeClock.give(builder, clock);
        }
    }

    /** Deletes the data of a broker that is not alive. */
    public void loseDisk() {
        if (isAlive()) {
            throw new IllegalStateException("Broker " + id + " is alive");
        }
        if (Files.exists(data())) {
            new TemporaryFolder(data()).delete();
        }
    }

    /**
     * Sets how far the clock of this broker is ahead, from its next start on.
     *
     * @throws IllegalStateException if this machine has no {@link FakeClock}, at the start
     */
    public void setClockAhead(Duration ahead) {
        FakeClock.set(clock, ahead);
    }

    private Path data() {
        return folder.resolve("data");
    }
}
