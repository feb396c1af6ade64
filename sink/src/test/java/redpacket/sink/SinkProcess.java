package redpacket.sink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import redpacket.parts.LocalServers;

/** Runs a sink in its own process, so that a test can kill it. */
public final class SinkProcess {
    private SinkProcess() {}

    /** The main method of the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SinkCommand()).execute(arguments));
    }

    /**
     * Starts a sink with a short session timeout, so that it soon takes over from a killed sink of its group. It keeps
     * everything, because time passes fast in the tests.
     */
    public static Process start(LocalServers servers, String group) throws IOException {
        Path settings = Files.createTempFile("redpacket-sink-", ".properties");
        settings.toFile().deleteOnExit();
        Files.writeString(settings, "session.timeout.ms=1500\nheartbeat.interval.ms=300\n");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SinkProcess.class.getName(),
                "--kafka=" + servers.kafka().bootstrapServers(),
                "--kafka-properties=" + settings,
                "--redis=" + servers.redis().uri(),
                "--group=" + group,
                "--keep-packets=10000d",
                "--keep-windows=10000d",
                "--http-port=0");
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
