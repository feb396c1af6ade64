package redpacket.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;
import redpacket.connection.KafkaAddress;
import redpacket.connection.RedisAddress;
import redpacket.parts.Parts;

/** What one run stands on: an empty Kafka, an empty Redis as far away as it should be, and a folder. */
final class Ground implements AutoCloseable {
    private final Parts parts;
    private final DelayingProxy proxy;
    private final Path folder;

    static Ground start(int partitions, Duration redisDelay) {
        return new Ground(Parts.start(partitions), redisDelay);
    }

    private Ground(Parts parts, Duration redisDelay) {
        this.parts = parts;
        this.proxy = redisDelay.isZero()
                ? null
                : DelayingProxy.before(URI.create(parts.redis().uri()).getPort(), redisDelay);
        try {
            this.folder = Files.createTempDirectory("redpacket-bench-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    KafkaAddress kafka() {
        return parts.kafka();
    }

    RedisAddress redis() {
        return proxy == null ? parts.redis() : RedisAddress.of("redis://127.0.0.1:" + proxy.port());
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        parts.close();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
