package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** Finds a Redis server to run: the machine's own if it has one, else the one of a library. */
final class RedisExecutable {
    private RedisExecutable() {}

    /**
     * @param folder where the library's executable is unpacked when it is needed
     */
    static Path findOrUnpack(Path folder) {
        return Programs.find("redis-server", "valkey-server").orElseGet(() -> unpack(folder));
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
