package redpacket.local.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisAddress;
import redpacket.parts.FreePort;
import redpacket.parts.Signal;

/** A part of the pipeline in its own process. It runs on the class path of this JVM. */
public final class PipelineProcess {
    /** Slightly longer than the topology needs for its shutdown. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(25);

    private final String name;
    private final Path stateDirectory;
    private final Path log;
    private final List<String> command;
    private final Map<String, String> environment;
    private Process process;
    private boolean stopping;

    private PipelineProcess(String name, Path folder, Map<String, String> environment) {
        this.name = name;
        this.stateDirectory = folder.resolve(name.replace(' ', '-'));
        this.log = folder.resolve(name.replace(' ', '-') + ".log");
        this.environment = environment;
        this.command = new ArrayList<>(List.of("sh", "-c"));
        // The process ignores Ctrl-C, which is for the command that started it. exec keeps the process id of the shell.
        command.add("trap '' INT; exec \"$@\"");
        command.add(name);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        // C1 only: the process does not live long enough for C2 to pay off.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-Dredpacket.log=INFO", "-cp", System.getProperty("java.class.path")));
        command.add("redpacket.application.RedPacket");
    }

    /**
     * Creates an instance of the topology. The caller starts it.
     *
     * @param number unique among the instances with the same folder
     * @param folder for the state and the log of the instance
     * @param replicas of its changelogs
     */
    public static PipelineProcess topology(
            int number, Path folder, KafkaAddress kafka, int replicas, RedisAddress redis, String secret) {
        PipelineProcess instance =
                new PipelineProcess("instance " + number, folder, Map.of("REDPACKET_SEED_SECRET", secret));
        instance.runs("topology", "--kafka", kafka.bootstrapServers(), "--redis", redis.uri());
        if (redis.cluster()) {
            instance.runs("--redis-cluster");
        }
        instance.runs("--state-dir", instance.stateDirectory.toString(), "--threads", "2");
        instance.runs("--replicas", String.valueOf(replicas));
        instance.runs("--peer-address", "127.0.0.1:" + FreePort.next());
        // A short grace is enough, because one broker has one clock.
        instance.runs("--grace", "1s");
        return instance;
    }

    /** Creates a sink with a ledger. It has no state on disk. The caller starts it. */
    static PipelineProcess sink(Path folder, KafkaAddress kafka, RedisAddress redis, LedgerAddress ledger) {
        PipelineProcess sink =
                new PipelineProcess("sink", folder, Map.of("REDPACKET_LEDGER_PASSWORD", ledger.password()));
        sink.runs("sink", "--kafka", kafka.bootstrapServers(), "--redis", redis.uri(), "--http-port", "0");
        sink.runs("--ledger", ledger.url(), "--ledger-user", ledger.user());
        return sink;
    }

    private void runs(String... arguments) {
        command.addAll(List.of(arguments));
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * Starts the process, unless it is running. If it is stopping, waits for its end first. The process continues with
     * the content of its state directory.
     */
    public void start() {
        if (stopping) {
            awaitGone();
        }
        if (isAlive()) {
            return;
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("REDPACKET_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends SIGKILL, and waits for the end of the process. */
    public void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Sends SIGSTOP. To the other processes a paused process looks dead. */
    public void pause() {
        if (isAlive()) {
            Signal.STOP.sendTo(process);
        }
    }

    /** Sends SIGCONT. The process continues where it was paused. */
    public void resume() {
        if (isAlive()) {
            Signal.CONT.sendTo(process);
        }
    }

    /** Makes it print the stacks of its threads to its log. */
    void printThreads() {
        Signal.QUIT.sendTo(process);
    }

    /** Sends SIGTERM, and does not wait. */
    public void stop() {
        stopping = true;
        if (process != null) {
            process.destroy();
        }
    }

    /**
     * Waits for the end of the process after {@link #stop}. Kills the process and returns false if that takes too long.
     */
    public boolean awaitGone() {
        try {
            stopping = false;
            boolean gone = process == null || process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            kill();
            return gone;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public Path stateDirectory() {
        return stateDirectory;
    }

    /** The log, over all starts of the process. */
    public Path log() {
        return log;
    }

    @Override
    public String toString() {
        return name;
    }
}
