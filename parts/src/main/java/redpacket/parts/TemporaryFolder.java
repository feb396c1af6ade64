package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A server's own folder. It is deleted with its content. */
public record TemporaryFolder(Path path) {
    public static TemporaryFolder create(String prefix) {
        try {
            return new TemporaryFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete() {
        try (Stream<Path> all = Files.walk(path)) {
            // A folder sorts before its content. In reverse order each folder is empty when it is deleted.
            List<Path> contentsFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path each : contentsFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
