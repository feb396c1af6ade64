package redpacket.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;

/** A ledger in a process of its own, so that a test can kill it. */
final class LedgerProcess implements AutoCloseable {
    private final Process process;

    private LedgerProcess(Process process) {
        this.process = process;
    }

    static LedgerProcess start(KafkaAddress kafka, LedgerAddress postgres) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LedgerProcess.class.getName(),
                kafka.bootstrapServers(),
                postgres.url(),
                postgres.user());
        builder.environment().put("PASSWORD", postgres.password());
        try {
            return new LedgerProcess(builder.redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    public static void main(String[] arguments) {
        LedgerAddress postgres = new LedgerAddress(arguments[1], arguments[2], System.getenv("PASSWORD"));
        try (Ledger ledger = Ledger.start(KafkaAddress.of(arguments[0]), postgres)) {
            ledger.await();
        }
    }

    /** Sends SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
