package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** A clock of its own for a process, by the library libfaketime (in Debian: {@code apt-get install faketime}). */
public final class FakeClock {
    private static final String LIBRARY = "libfaketime.so.1";

    private FakeClock() {}

    /** Whether this machine has the library, and the program {@code faketime} of the same package on the PATH. */
    public static boolean isAvailable() {
        return Programs.find("faketime").isPresent() && library().isPresent();
    }

    /**
     * Gives a process that is yet to start the clock of a file.
     *
     * @throws IllegalStateException if this machine does not have the library
     */
    static void give(ProcessBuilder process, Path file) {
        Path library = library().orElseThrow(() -> new IllegalStateException("There is no " + LIBRARY + " here"));
        process.environment().put("LD_PRELOAD", library.toString());
        process.environment().put("FAKETIME_TIMESTAMP_FILE", file.toString());
        // Otherwise it reads the file once in ten seconds.
        process.environment().put("FAKETIME_NO_CACHE", "1");
    }

    static void set(Path file, Duration ahead) {
        try {
            Files.writeString(file, (ahead.isNegative() ? "" : "+") + ahead.toSeconds());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> library() {
        return Stream.of("/usr/lib", "/usr/lib64", "/usr/local/lib")
                .map(Path::of)
                .filter(Files::isDirectory)
                .flatMap(FakeClock::foldersIn)
                .map(folder -> folder.resolve("faketime").resolve(LIBRARY))
                .filter(Files::isReadable)
                .findFirst();
    }

    /** The folder itself, and those in it: some systems have one for each kind of processor. */
    private static Stream<Path> foldersIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return Stream.concat(Stream.of(folder), children.filter(Files::isDirectory).toList().stream());
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
