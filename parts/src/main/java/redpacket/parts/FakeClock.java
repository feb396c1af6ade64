package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Gives a process its own clock through the library libfaketime (Debian: {@code apt-get install faketime}). */
public final class FakeClock {
    private static final String LIBRARY = "libfaketime.so.1";

    private FakeClock() {}

    /** Whether this machine has the library, and the program {@code faketime} of the same package on the PATH. */
    public static boolean isAvailable() {
        return Programs.find("faketime").isPresent() && library().isPresent();
    }

    /**
     * Lets a process that is not yet started read its clock from a file.
     *
     * @throws IllegalStateException if this machine does not have the library
     */
    static void give(ProcessBuilder process, Path file) {
        Path library = library().orElseThrow(() -> new IllegalStateException(LIBRARY + " is not installed"));
        process.environment().put("LD_PRELOAD", library.toString());
        process.environment().put("FAKETIME_TIMESTAMP_FILE", file.toString());
        // Otherwise the library reads the file only every ten seconds.
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

    /** The folder and its subfolders: some systems have one for each processor architecture. */
    private static Stream<Path> foldersIn(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return Stream.concat(Stream.of(folder), children.filter(Files::isDirectory).toList().stream());
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
