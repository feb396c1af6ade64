package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Java program in a process of its own, on the class path of this JVM. It can be killed, paused, stopped, and started
 * again. Needs a POSIX system.
 */
public abstract class JavaProcess {
    /** Longer than a broker or a topology needs for its shutdown. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final Path log;
    private Process process;
    private boolean stopping;

    /**
     * Does not start the process.
     *
     * @param log for the output of all starts
     */
    protected JavaProcess(String name, Path log) {
        this.name = name;
        this.log = log;
    }

    /** Called at each start. Returns JVM options, the main class and its arguments. */
    protected abstract List<String> program();

    /** Called at each start: sets the environment. */
    protected abstract void prepare(ProcessBuilder builder);

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /**
     * Starts the process, unless it is running. If it is stopping, waits for its end first. Does not wait until the
     * program answers.
     */
    public void start() {
        if (stopping) {
            awaitGone();
        }
        if (isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("sh", "-c"));
        // The process ignores Ctrl-C, which is for the command that started it. exec keeps the process id of the shell.
        command.add("trap '' INT; exec \"$@\"");
        command.add(name);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // C1 only: the process does not live long enough for C2 to pay off.
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(program());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        prepare(builder);
        try {
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

    /** Sends SIGSTOP. To other processes a paused one looks dead, but its connections stay open. */
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

    /** Makes the process print the stacks of its threads to its log. */
    public void printThreads() {
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
            throw new IllegalStateException("Interrupted while " + name + " stops", e);
        }
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
