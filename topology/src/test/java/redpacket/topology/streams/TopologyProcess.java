package redpacket.topology.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.options.EnvironmentDefaults;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;

/** A topology in its own process, which the test kills. */
final class TopologyProcess implements AutoCloseable {
    private final Process process;

    private TopologyProcess(Process process) {
        this.process = process;
    }

    static TopologyProcess start(LocalServers servers, Path stateDirectory, PacketLifetime lifetime) {
        return start(servers.kafka(), servers.redis(), stateDirectory, lifetime, Redirect.INHERIT);
    }

    /**
     * @param output for all that it says
     */
    static TopologyProcess start(
            KafkaAddress kafka,
            RedisAddress redis,
            Path stateDirectory,
            PacketLifetime lifetime,
            Redirect output,
            String... more) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TopologyProcess.class.getName(),
                "--kafka=" + kafka.bootstrapServers(),
                "--redis=" + redis.uri(),
                "--state-dir=" + stateDirectory,
                "--threads=2",
                "--replicas=1",
                "--grace=" + lifetime.grace().toMillis() + "ms",
                "--retention=" + lifetime.retention().toMillis() + "ms");
        builder.command().addAll(List.of(more));
        builder.environment().put("REDPACKET_SEED_SECRET", RunningPipeline.SECRET);
        try {
            return new TopologyProcess(
                    builder.redirectErrorStream(true).redirectOutput(output).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that has not much more than its addresses, for the beginning of its life. */
    static TopologyProcess begin(
            KafkaAddress kafka, RedisAddress redis, Path stateDirectory, Path output, String... jvmOptions) {
        return begin(List.of(), kafka, redis, stateDirectory, output, jvmOptions);
    }

    /**
     * The same, run by another command.
     *
     * @param launcher the beginning of the command, which runs the rest of it in its own process
     */
    static TopologyProcess begin(
            List<String> launcher,
            KafkaAddress kafka,
            RedisAddress redis,
            Path stateDirectory,
            Path output,
            String... jvmOptions) {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TopologyProcess.class.getName()));
        command.add("--kafka=" + kafka.bootstrapServers());
        command.add("--redis=" + redis.uri());
        command.add("--state-dir=" + stateDirectory);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("REDPACKET_SEED_SECRET", RunningPipeline.SECRET);
        try {
            return new TopologyProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** SIGTERM. */
    void stop() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TopologyCommand())
                .setDefaultValueProvider(EnvironmentDefaults.of(System.getenv(), arguments))
                .execute(arguments));
    }

    @Override
    public void close() {
        kill();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
