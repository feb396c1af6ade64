package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** A broker of a {@link LocalKafkaCluster} in a process of its own. It is a controller too. */
public final class LocalBroker {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final int id;
    private final int port;
    private final String clusterId;
    private final Path folder;
    private final Path clock;
    private final Properties settings = new Properties();
    private Process process;

    LocalBroker(int id, int port, int controllerPort, String clusterId, Path folder, Map<String, String> more) {
        this.id = id;
        this.port = port;
        this.clusterId = clusterId;
        this.folder = folder.resolve("broker-" + id);
        this.clock = folder.resolve("clock-" + id);
        settings.putAll(LocalKafka.settings(id, port, controllerPort, data()));
        settings.putAll(more);
    }

    public int id() {
        return id;
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * Starts the process on the same port with the same data, unless it is alive. Does not wait until it answers. An
     * empty disk is formatted first.
     */
    public void start() {
        if (isAlive()) {
            return;
        }
        try {
            if (!Files.exists(data())) {
                Files.createDirectories(data());
                LocalKafka.format(id, clusterId, data());
            }
            Path file = folder.resolve("server.properties");
            try (Writer writer = Files.newBufferedWriter(file)) {
                settings.store(writer, null);
            }
            ProcessBuilder builder = new ProcessBuilder(
                            "sh",
                            "-c",
                            // The process ignores Ctrl-C, which is for the command that started it.
                            "trap '' INT; exec \"$@\"",
                            "broker " + id,
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx300m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dredpacket.log=WARN",
                            "-cp",
                            System.getProperty("java.class.path"),
                            "kafka.Kafka",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log().toFile()));
            if (Files.exists(clock)) {
                FakeClock.give(builder, clock);
            }
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL, and waits for the end of the process. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Stops the broker cleanly: it hands its partitions to the others first. */
    public void stop() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while broker " + id + " stops", e);
        }
        kill();
    }

    /** Sends SIGSTOP. To the others the broker looks dead, and its connections stay open. */
    public void pause() {
        if (isAlive()) {
            Signal.STOP.sendTo(process);
        }
    }

    /** Sends SIGCONT. */
    public void resume() {
        if (isAlive()) {
            Signal.CONT.sendTo(process);
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

    /** The log, over all starts of the process. */
    public Path log() {
        return folder.resolve("log");
    }

    private Path data() {
        return folder.resolve("data");
    }

    @Override
    public String toString() {
        return "broker " + id;
    }
}
