package redpacket.application;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A service of docker-compose.yml in its own process: with the image's files and entry point, and the service's command
 * and environment. Addresses of containers are replaced by addresses of this machine.
 */
final class Shipped implements AutoCloseable {
    static final Path TOP = Path.of("..");

    private static final Path FILES = Path.of("target", "redpacket");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int port;

    private Shipped(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts a service. {@code addresses} maps values in docker-compose.yml to their replacements. */
    static Shipped start(String service, Path folder, Map<String, String> addresses) throws IOException {
        return start(service, folder, addresses, Map.of());
    }

    /** Starts a service with variables that docker-compose.yml does not set, or sets differently. */
    static Shipped start(
            String service, Path folder, Map<String, String> addresses, Map<String, String> moreEnvironment)
            throws IOException {
        int port = freePort();
        JsonNode described = new YAMLMapper()
                .readTree(TOP.resolve("docker-compose.yml").toFile())
                .get("services")
                .get(service);
        List<String> command = entryPoint();
        described.get("command").forEach(word -> command.add(word.asText()));

        Path log = folder.resolve(service + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(FILES.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("REDPACKET_"));
        // As in the Dockerfile. The heap is that of a container of half a gigabyte.
        environment.put("REDPACKET_STATE_DIR", folder.resolve("state").toString());
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
        described.get("environment").properties().forEach(variable -> {
            String value = variable.getValue().asText();
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                value = value.replace(address.getKey(), address.getValue());
            }
            environment.put(variable.getKey(), value);
        });
        environment.computeIfPresent("REDPACKET_HTTP_HOST", (name, all) -> "127.0.0.1");
        environment.computeIfPresent("REDPACKET_HTTP_PORT", (name, inContainer) -> String.valueOf(port));
        // Several topologies may run on this machine.
        environment.computeIfPresent("REDPACKET_PEER_ADDRESS", (name, inContainer) -> "127.0.0.1:0");
        environment.putAll(moreEnvironment);
        return new Shipped(builder.start(), log, port);
    }

    /** The entry point of the Dockerfile, with the Java of this JVM. */
    private static List<String> entryPoint() throws IOException {
        String line = Files.readAllLines(TOP.resolve("Dockerfile")).stream()
                .filter(each -> each.startsWith("ENTRYPOINT "))
                .findFirst()
                .orElseThrow();
        List<String> words = new ArrayList<>();
        new ObjectMapper().readTree(line.substring("ENTRYPOINT ".length())).forEach(word -> words.add(word.asText()));
        words.set(
                0, Path.of(System.getProperty("java.home"), "bin", words.get(0)).toString());
        return words;
    }

    /** An answer of the service's HTTP server. Status 0 and the reason if it does not answer. */
    record Answer(int status, String body) {}

    Answer get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return new Answer(0, e.toString());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a metric, with its labels as the server writes them; -1 if there is none. */
    double metric(String series) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    /** Waits for the end of the process. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still runs: " + log());
        }
        return process.exitValue();
    }

    int port() {
        return port;
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
