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

/** A part of the pipeline in a process of its own, run by this JVM's class path: to be killed, paused and started again. */
public final class PipelineProcess {
    /** A little more than the topology itself takes for its end. */
    private static final Duration STOPPING = Duration.ofSeconds(25);

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
        // Ctrl-C is for the one who runs this; the shell becomes the instance, and keeps its process id.
        command.add("trap '' INT; exec \"$@\"");
        command.add(name);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC"));
        // It will not live long enough for the slow compiler to pay.
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(List.of("-Dredpacket.log=INFO", "-cp", System.getProperty("java.class.path")));
        command.add("redpacket.application.RedPacket");
    }

    /**
     * An instance of the topology, not started yet.
     *
     * @param number of its own among those with the same folder, where its state and its log are kept
     */
    public static PipelineProcess topology(
            int number, Path folder, KafkaAddress kafka, RedisAddress redis, String secret) {
        PipelineProcess instance =
                new PipelineProcess("instance " + number, folder, Map.of("REDPACKET_SEED_SECRET", secret));
        instance.runs("topology", "--kafka", kafka.bootstrapServers(), "--redis", redis.uri());
        if (redis.cluster()) {
            instance.runs("--redis-cluster");
        }
        instance.runs("--state-dir", instance.stateDirectory.toString(), "--threads", "2", "--replicas", "1");
        instance.runs("--peer-address", "127.0.0.1:" + FreePort.next());
        // There is one broker and hence one clock.
        instance.runs("--grace", "1s");
        return instance;
    }

    /** A sink that keeps a read model and a ledger; on disk it has nothing. */
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

    /** Starts it, unless it runs, and after its end if it is stopping; it goes on with what is left in its state directory. */
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

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        if (process == null) {
            return;
        }
        process.destroyForcibly();
        process.onExit().join();
    }

    /** SIGSTOP: to the others it is as if it were dead. */
    public void pause() {
        if (isAlive()) {
            Signal.STOP.sendTo(process);
        }
    }

    /** SIGCONT: it goes on as if nothing had happened. */
    public void resume() {
        if (isAlive()) {
            Signal.CONT.sendTo(process);
        }
    }

    /** SIGTERM; does not wait. */
    public void stop() {
        stopping = true;
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits for the end that {@link #stop} asked for. Whether it came in time; else it is killed. */
    public boolean awaitGone() {
        try {
            stopping = false;
            boolean gone = process == null || process.waitFor(STOPPING.toMillis(), TimeUnit.MILLISECONDS);
            kill();
            return gone;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    Path stateDirectory() {
        return stateDirectory;
    }

    /** What it says, over all its lives. */
    public Path log() {
        return log;
    }

    @Override
    public String toString() {
        return name;
    }
}
