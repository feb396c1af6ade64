package redpacket.parts;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** Finds a Redis server to run: the machine's own if it has one, else the one that comes along as a library. */
final class RedisExecutable {
    private static final List<String> NAMES = List.of("redis-server", "valkey-server");

    private RedisExecutable() {}

    /**
     * @param folder where the library's executable is unpacked when it is needed
     */
    static Path findOrUnpack(Path folder) {
        return onPath().orElseGet(() -> unpack(folder));
    }

    private static Optional<Path> onPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
                .filter(directory -> !directory.isBlank())
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Path unpack(Path folder) {
        try {
            return ExecutableProvider.newJarResourceProvider(folder.toFile())
                    .get()
                    .toPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
