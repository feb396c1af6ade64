package redpacket.topology.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.RedisConnection;
import redpacket.options.KafkaOptions;
import redpacket.options.OperationsOptions;
import redpacket.options.RedisOptions;
import redpacket.options.SeedSecretOptions;
import redpacket.options.ShortDuration;
import redpacket.service.Health;
import redpacket.service.HealthPaths;
import redpacket.service.HttpServer;
import redpacket.service.Metrics;
import redpacket.service.MetricsPath;
import redpacket.service.Stop;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;

/** Runs the topology until SIGTERM. */
@Command(
        name = "topology",
        description = "Decides grabs: runs the Kafka Streams topology with Kafka and Redis, until SIGTERM or Ctrl-C.")
public final class TopologyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyCommand.class);

    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private SeedSecretOptions seedSecret;

    @Mixin
    private OperationsOptions operations;

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "redpacket",
            description =
                    "Consumer group and prefix of internal topics. The same for all instances; it must never change."
                            + " Default: ${DEFAULT-VALUE}")
    private String applicationId;

    @Option(
            names = "--state-dir",
            paramLabel = "FOLDER",
            defaultValue = "redpacket-state",
            description = "Directory of the state stores. If it survives a restart, the restart takes seconds."
                    + " Default: ${DEFAULT-VALUE}")
    private Path stateDirectory;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Stream threads. Threads beyond the number of partitions are idle. Default: one per processor")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Replicas of the changelog topics. Default: the broker's setting")
    private int replicas;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "5s",
            description =
                    "How long after its deadline a packet is closed. Must exceed the clock differences among brokers and"
                            + " this machine. Default: ${DEFAULT-VALUE}")
    private Duration grace;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "7d",
            description = "How long after its closing a packet is forgotten. Default: ${DEFAULT-VALUE}")
    private Duration retention;

    @Option(
            names = "--stats-window",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "1s",
            description = "Length of the windows of the statistics, from 100ms to 1d. The same for all instances."
                    + " Default: ${DEFAULT-VALUE}")
    private Duration statsWindow;

    @Option(
            names = "--live-memory",
            paramLabel = "PERCENT",
            defaultValue = "" + LiveMemory.DEFAULT_PERCENT,
            description = "Part of the heap for packets that are kept in memory, from 1 to " + LiveMemory.MOST_PERCENT
                    + " percent. Default: ${DEFAULT-VALUE}")
    private int liveMemory;

    @Option(
            names = "--peer-address",
            paramLabel = "HOST:PORT",
            converter = PeerAddress.class,
            description = "Where the other instances reach this one, and the port on which it listens for them. Without"
                    + " HOST: the host name of this machine. Port 0: any free port. Instances hold connections to each"
                    + " other, without data, and notice at once when one ends. Default: none. Then the partitions of an"
                    + " instance that died move after the session timeout of 6 s")
    private HostInfo peerAddress;

    @Override
    public Integer call() throws InterruptedException {
        SeedSecret secret = SeedSecret.of(seedSecret.required());
        PacketLifetime lifetime = new PacketLifetime(grace, retention);
        WindowSettings windows = windows();
        LiveMemory memory = memory();
        StreamsSettings streams = new StreamsSettings(
                kafka.address(), applicationId, stateDirectory, threads, replicas, Optional.ofNullable(peerAddress));
        LOG.info("topology {} starts with Kafka {} and Redis {}", applicationId, kafka.address(), redis.address());
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                RedisConnection connection = RedisConnection.open(redis.address(), metrics.registry());
                ShareQueues queues = new ShareQueues(connection)) {
            PacketMeters meters = new PacketMeters();
            meters.showIn(metrics);
            PacketMeters.show(queues, metrics);
            TopologyDependencies dependencies =
                    new TopologyDependencies(secret, queues, lifetime, windows, memory, meters);
            try (RedPacketApplication application = RedPacketApplication.start(streams, dependencies)) {
                application.showIn(metrics);
                return serve(application, () -> application.health(connection), metrics, stop);
            }
        }
    }

    /** Returns the exit code: 0 after a signal, 1 if the instance needs a restart. */
    @SuppressWarnings("try") // The server works while it is in scope.
    private int serve(RedPacketApplication application, Supplier<Health> health, Metrics metrics, Stop stop)
            throws InterruptedException {
        metrics.tell(health);
        try (HttpServer server = serveIfWanted(metrics, health)) {
            while (!stop.await(HEALTH_INTERVAL)) {
                if (application.isDead()) {
                    LOG.error(
                            "topology {} ends: {}", applicationId, health.get().sentence());
                    return 1;
                }
            }
            LOG.info("topology {} stops; it was {}", applicationId, application.state());
            return 0;
        }
    }

    /** Null without a port; try-with-resources accepts that. */
    private HttpServer serveIfWanted(Metrics metrics, Supplier<Health> health) {
        if (operations.port().isEmpty()) {
            return null;
        }
        HttpServer server = HttpServer.start(
                operations.host(),
                operations.port().getAsInt(),
                List.of(new MetricsPath(metrics), new HealthPaths(health)));
        LOG.info("Metrics and health are at http://{}:{}/metrics and /health/ready", operations.host(), server.port());
        return server;
    }

    private LiveMemory memory() {
        if (liveMemory < 1 || liveMemory > LiveMemory.MOST_PERCENT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--live-memory is " + liveMemory + "; it must be from 1 to " + LiveMemory.MOST_PERCENT
                            + " percent");
        }
        return LiveMemory.ofHeap(liveMemory);
    }

    private WindowSettings windows() {
        if (!WindowSettings.isPossible(statsWindow)) {
            throw new ParameterException(
                    spec.commandLine(), "--stats-window is " + statsWindow + "; it must be from 100ms to 1d");
        }
        return WindowSettings.of(statsWindow, grace);
    }
}
