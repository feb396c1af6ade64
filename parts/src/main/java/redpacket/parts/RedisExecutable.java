package redpacket.parts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;

/** Finds a Redis server: one that is installed on this machine, or else the one bundled in a library. */
final class RedisExecutable {
    private RedisExecutable() {}

    /**
     * @param folder for the bundled executable, which is unpacked if needed
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
