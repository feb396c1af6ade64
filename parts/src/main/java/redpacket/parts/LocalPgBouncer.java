package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import redpacket.clients.LedgerAddress;

/**
 * A PgBouncer on 127.0.0.1 that pools transactions (Debian: {@code apt-get install pgbouncer}). The transactions of a
 * client use its two connections to PostgreSQL in turn.
 */
public final class LocalPgBouncer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 10;

    private final int port = FreePort.next();
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-pgbouncer-");
    private final LedgerAddress postgres;
    private final Ending ending = Ending.of(this::end);
    private Process process;

    private LocalPgBouncer(LedgerAddress postgres) {
        this.postgres = postgres;
    }

    /** Whether this machine has the program. */
    public static boolean isAvailable() {
        return executable().isPresent();
    }

    /** Returns when PgBouncer accepts connections for this database. */
    public static LocalPgBouncer start(LedgerAddress postgres) {
        LocalPgBouncer bouncer = new LocalPgBouncer(postgres);
        try {
            bouncer.launch();
        } catch (RuntimeException e) {
            bouncer.close();
            throw e;
        }
        return bouncer;
    }

    /** The same database, through PgBouncer. */
    public LedgerAddress address() {
        return new LedgerAddress(
                "jdbc:postgresql://127.0.0.1:%d/pooled".formatted(port), postgres.user(), postgres.password());
    }

    @Override
    public void close() {
        ending.close();
    }

    private void launch() {
        Path program = executable().orElseThrow(() -> new IllegalStateException("PgBouncer is not installed"));
        // Like PostgreSQL, PgBouncer refuses to run as root.
        List<String> command =
                List.of("unshare", "-U", program.toString(), writeSettings().toString());
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.path().resolve("log.txt").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!accepts()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("PgBouncer does not start: " + log());
            }
            pause();
        }
    }

    private Path writeSettings() {
        URI server = URI.create(postgres.url().substring("jdbc:".length()));
        try {
            return Files.writeString(folder.path().resolve("pgbouncer.ini"), """
                    [databases]
                    pooled = host=%s port=%d dbname=%s user=%s password=%s
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = any
                    pool_mode = transaction
                    default_pool_size = 2
                    min_pool_size = 2
                    server_round_robin = 1
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(
                            server.getHost(),
                            server.getPort(),
                            server.getPath().substring(1),
                            postgres.user(),
                            postgres.password(),
                            port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.path().resolve("log.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PgBouncer starts", e);
        }
    }

    private void end() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
        folder.delete();
    }

    private static Optional<Path> executable() {
        return Programs.find("pgbouncer");
    }
}
