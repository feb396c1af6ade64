package redpacket.benchmark.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redpacket.application.CommandException;
import redpacket.parts.Ending;
import redpacket.parts.LocalServers;
import redpacket.parts.TemporaryFolder;

/** A topology in its own process, with this JVM's class path and options but another heap size. */
final class SoakedTopology implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The address of metrics and health in the topology's log. */
    private static final Pattern ADDRESS = Pattern.compile("http://[\\w.]+:\\d+");

    private final TemporaryFolder folder;
    private final Path log;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Ending ending = Ending.of(this::end);

    /**
     * Starts the topology without waiting for it.
     *
     * @param heap as in -Xmx
     */
    static SoakedTopology start(LocalServers servers, String heap, Duration retention) {
        TemporaryFolder folder = TemporaryFolder.create("redpacket-soak-");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xm"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx" + heap, "-Dredpacket.log=INFO", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("redpacket.application.RedPacket", "topology", "--http-port", "0", "--replicas", "1"));
        command.addAll(List.of("--kafka", servers.kafka().bootstrapServers()));
        command.addAll(List.of("--redis", servers.redis().uri()));
        command.addAll(List.of("--state-dir", folder.path().resolve("state").toString()));
        command.addAll(List.of("--retention", retention.toMillis() + "ms"));
        Path log = folder.path().resolve("topology.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.to(log.toFile()));
        builder.environment().put("REDPACKET_SEED_SECRET", "only for soaking, at least 32 characters");
        try {
            return new SoakedTopology(folder, log, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SoakedTopology(TemporaryFolder folder, Path log, Process process) {
        this.folder = folder;
        this.log = log;
        this.process = process;
    }

    /** Returns when the topology decides grabs. */
    void awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw CommandException.failed(
                        "The topology is not ready after " + PATIENCE.toSeconds() + " s:\n" + logged());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw CommandException.failed("The topology ended:\n" + logged());
        }
    }

    /** Its memory now. Linux only. */
    Footprint footprint() {
        try {
            long resident = Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
            return Footprint.of(resident, get("/metrics").body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        ending.close();
    }

    private boolean isReady() {
        return ADDRESS.matcher(logged()).find() && get("/health/ready").statusCode() == 200;
    }

    private HttpResponse<String> get(String path) {
        Matcher address = ADDRESS.matcher(logged());
        if (!address.find()) {
            throw new IllegalStateException("The topology's log does not contain the address of its metrics");
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address.group() + path)).build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String logged() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.delete();
    }
}
