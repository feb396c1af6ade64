package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redpacket.clients.RedisAddress;

/**
 * A real Redis or Valkey as a child process on 127.0.0.1, without persistence. Tests can kill, pause and restart it.
 * Pausing needs a POSIX system.
 */
public final class LocalRedis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 10;
    private static final int PING_TIMEOUT_MILLIS = 1_000;

    private final int port = FreePort.next();
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-redis-");
    private final List<String> settings;
    private final Ending ending = Ending.of(this::killAndDelete);
    private final String watches;
    private final boolean hasClockOfItsOwn;
    private Path executable;
    private Process process;

    private LocalRedis(String watches, List<String> settings, boolean hasClockOfItsOwn) {
        this.watches = watches;
        this.settings = settings;
        this.hasClockOfItsOwn = hasClockOfItsOwn;
    }

    /**
     * Returns when Redis answers.
     *
     * @param settings further options of the server, such as {@code "--maxmemory", "10mb"}
     */
    public static LocalRedis start(String... settings) {
        return start(new LocalRedis("", List.of(settings), false));
    }

    /**
     * A Redis whose clock {@link #setClock} sets: always the bundled one. Needs {@link FakeClock}.
     *
     * @param ahead offset to the machine's clock; may be negative
     */
    public static LocalRedis startWithClock(Duration ahead) {
        LocalRedis redis = new LocalRedis("", List.of(), true);
        redis.setClock(ahead);
        return start(redis);
    }

    /**
     * A Redis Sentinel, which keeps no data.
     *
     * @param watches configuration lines that name the master to watch
     */
    static LocalRedis startSentinel(String watches) {
        return start(new LocalRedis(watches, List.of("--sentinel"), false));
    }

    private static LocalRedis start(LocalRedis redis) {
        try {
            // Redis 7 of Debian does not start with another clock: its allocator reads the clock too early.
            redis.executable = redis.hasClockOfItsOwn
                    ? RedisExecutable.unpack(redis.folder.path())
                    : RedisExecutable.findOrUnpack(redis.folder.path());
            redis.restart();
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
        return redis;
    }

    /** Includes the password if the settings require one. */
    public RedisAddress address() {
        int password = settings.indexOf("--requirepass") + 1;
        String credentials = password > 0 ? ":" + settings.get(password) + "@" : "";
        return RedisAddress.of("redis://" + credentials + "127.0.0.1:" + port);
    }

    public int port() {
        return port;
    }

    /** Kills Redis with SIGKILL. Returns when the process has ended. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
            process = null;
        }
    }

    /** Kills Redis if it runs, and starts it empty on the same port. Returns when it answers. */
    public synchronized void restart() {
        kill();
        process = launch();
        awaitReady();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Stops Redis with SIGSTOP: connections stay open, and Redis answers nothing. */
    public synchronized void pause() {
        Signal.STOP.sendTo(process);
    }

    /** Continues Redis after {@link #pause}. */
    public synchronized void resume() {
        Signal.CONT.sendTo(process);
    }

    /**
     * Sets the clock at once.
     *
     * @param ahead offset to the machine's clock; may be negative
     */
    public void setClock(Duration ahead) {
        FakeClock.set(clockFile(), ahead);
    }

    @Override
    public void close() {
        ending.close();
    }

    private void killAndDelete() {
        kill();
        folder.delete();
    }

    Path folder() {
        return folder.path();
    }

    synchronized ProcessHandle process() {
        return process.toHandle();
    }

    private Process launch() {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        if (!watches.isEmpty()) {
            command.add(sentinelFile().toString());
        }
        command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1"));
        command.addAll(List.of(
                "--save", "", "--appendonly", "no", "--dir", folder.path().toString()));
        command.addAll(settings);
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
            if (hasClockOfItsOwn) {
                FakeClock.give(builder, clockFile());
            }
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Sentinel writes its state into its configuration file. A new Sentinel needs a new file. */
    private Path sentinelFile() {
        try {
            return Files.writeString(folder.path().resolve("sentinel.conf"), watches);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(executable + " does not answer on port " + port + ": " + lastWords());
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Redis starts", e);
            }
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PING_TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PING_TIMEOUT_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            // A Redis that asks for a password is ready too.
            return answer.equals("+PONG") || answer.equals("-NOAU");
        } catch (IOException notYet) {
            return false;
        }
    }

    private Path clockFile() {
        return folder.path().resolve("clock");
    }

    private Path output() {
        return folder.path().resolve("output.txt");
    }

    private String lastWords() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            return "(no output)";
        }
    }
}
