package redpacket.sink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import redpacket.parts.LocalServers;

/** A sink in a process of its own, which can be killed. */
public final class SinkProcess {
    private SinkProcess() {}

    /** What the process runs. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SinkCommand()).execute(arguments));
    }

    /** Starts one that soon notices when another of its group was killed. */
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
                "--http-port=0");
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
