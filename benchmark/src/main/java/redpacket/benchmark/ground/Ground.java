package redpacket.benchmark.ground;

import java.net.URI;
import java.nio.file.Path;
import redpacket.benchmark.figures.Cpu;
import redpacket.clients.KafkaAddress;
import redpacket.clients.RedisAddress;
import redpacket.clients.RedisConnection;
import redpacket.parts.TemporaryFolder;

/** The environment of one run: an empty Kafka, an empty Redis behind an optional delay, and a folder. */
public final class Ground implements AutoCloseable {
    /** Application id of the contestants that use Kafka Streams. Internal topics begin with it. */
    static final String APPLICATION = "redpacket-bench";

    private final Servers servers;
    private final DelayingProxy proxy;
    private final RedisConnection redis;
    private final Cpu cpuAtStart;
    private final TemporaryFolder folder = TemporaryFolder.create("redpacket-bench-");

    public static Ground start(int partitions, Setup setup) {
        return new Ground(setup.start(partitions), setup);
    }

    private Ground(Servers servers, Setup setup) {
        this.servers = servers;
        this.proxy = setup.redisDelay().isZero()
                ? null
                : DelayingProxy.before(URI.create(servers.redis().uri()), setup.redisDelay());
        this.redis = RedisConnection.open(servers.redis());
        this.cpuAtStart = Cpu.now(redis);
    }

    public KafkaAddress kafka() {
        return servers.kafka();
    }

    public RedisAddress redis() {
        return proxy == null ? servers.redis() : RedisAddress.of(proxy.uri().toString());
    }

    /** CPU time of the contestant, Kafka and Redis since this environment was created. */
    public Cpu cpu() {
        return Cpu.now(redis).since(cpuAtStart);
    }

    int replicas() {
        return servers.replicas();
    }

    /** The state directory of an instance. */
    public Path stateDirectory(int instance) {
        return folder.path().resolve("state-" + instance);
    }

    @Override
    public void close() {
        if (proxy != null) {
            proxy.close();
        }
        redis.close();
        servers.close();
        folder.delete();
    }
}
