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
import picocli.CommandLine.Option;
import redpacket.clients.RedisConnection;
import redpacket.clients.UnreachableKafkaException;
import redpacket.options.KafkaOptions;
import redpacket.options.OperationsOptions;
import redpacket.options.Range;
import redpacket.options.RedisOptions;
import redpacket.options.SeedSecretOptions;
import redpacket.options.ShortDuration;
import redpacket.service.Health;
import redpacket.service.HealthPaths;
import redpacket.service.HttpServer;
import redpacket.service.Metrics;
import redpacket.service.MetricsPath;
import redpacket.service.OutOfMemory;
import redpacket.service.Stop;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;
import redpacket.topology.stores.NativeStores;
import redpacket.topology.takeover.PeerAddress;

/** Runs the topology until SIGTERM. */
@Command(
        name = "topology",
        description = "Decides grabs: runs the Kafka Streams topology with Kafka and Redis, until SIGTERM or Ctrl-C.")
public final class TopologyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyCommand.class);

    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(1);

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
    @Range(least = "1", most = "1000")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Replicas of the changelog topics. Default: the broker's setting")
    @Range(least = "1", most = "32767", or = "-1")
    private int replicas;

    @Option(
            names = "--commit-distance",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "0ms",
            description =
                    "Least time between two commits of a stream thread, up to 1s. A longer one saves processor time at"
                            + " moderate rates of grabs, and answers come later. Default: ${DEFAULT-VALUE}")
    @Range(least = "0ms", most = "1s")
    private Duration commitDistance;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "5s",
            description =
                    "How long after its deadline a packet is closed. Must exceed the clock differences among brokers"
                            + " and this machine. Default: ${DEFAULT-VALUE}")
    @Range(least = "1ms", most = "1d")
    private Duration grace;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "7d",
            description = "How long after its closing a packet is forgotten. Default: ${DEFAULT-VALUE}")
    @Range(least = "1s", most = "3650d")
    private Duration retention;

    @Option(
            names = "--stats-window",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "1s",
            description = "Length of the windows of the statistics, from 100ms to 1d. The same for all instances."
                    + " Default: ${DEFAULT-VALUE}")
    @Range(least = "100ms", most = "1d")
    private Duration statsWindow;

    @Option(
            names = "--live-memory",
            paramLabel = "PERCENT",
            defaultValue = "" + LiveMemory.DEFAULT_PERCENT,
            description = "Part of the heap for packets that are kept in memory, from 1 to " + LiveMemory.MOST_PERCENT
                    + " percent. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "" + LiveMemory.MOST_PERCENT)
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

    @Option(
            names = "--stuck-after",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "60s",
            description = "An instance that has grabs and decides none for this long, although Kafka and Redis answer,"
                    + " saves its threads in the state directory and ends with exit code 1. Default: ${DEFAULT-VALUE}")
    @Range(least = "10s", most = "1d")
    private Duration stuckAfter;

    private volatile Supplier<Health> health = () -> Health.waiting("starting");

    @Override
    @SuppressWarnings("try") // The server works while it is in scope.
    public Integer call() throws InterruptedException {
        OutOfMemory.endsTheProcess();
        SeedSecret secret = SeedSecret.of(seedSecret.required());
        PacketLifetime lifetime = new PacketLifetime(grace, retention);
        WindowSettings windows = WindowSettings.of(statsWindow, grace);
        LiveMemory memory = LiveMemory.ofHeap(liveMemory);
        StreamsSettings streams = new StreamsSettings(
                kafka.address(),
                applicationId,
                stateDirectory,
                threads,
                replicas,
                Optional.ofNullable(peerAddress),
                commitDistance);
        NativeStores.requireUsable(stateDirectory);
        LOG.info("topology {} starts with Kafka {} and Redis {}", applicationId, kafka.address(), redis.address());
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                HttpServer server = serveIfWanted(metrics);
                RedisConnection connection = RedisConnection.open(redis.address(), metrics.registry());
                ShareQueues queues = new ShareQueues(connection)) {
            metrics.tell(this::health);
            if (!awaitKafka(stop)) {
                return 0;
            }
            PacketMeters meters = new PacketMeters();
            meters.showIn(metrics);
            PacketMeters.show(queues, metrics);
            TopologyDependencies dependencies =
                    new TopologyDependencies(secret, queues, lifetime, windows, memory, meters);
            try (RedPacketApplication application = RedPacketApplication.start(streams, dependencies, stuckAfter)) {
                application.showIn(metrics);
                health = () -> application.health(connection);
                return work(application, stop);
            }
        }
    }

    private Health health() {
        return health.get();
    }

    /** False if the signal to stop comes first. */
    private boolean awaitKafka(Stop stop) throws InterruptedException {
        String told = "";
        while (!stop.await(Duration.ZERO)) {
            try {
                kafka.address().requireReachable(stop::isAsked);
                return !stop.isAsked();
            } catch (UnreachableKafkaException e) {
                health = () -> Health.waiting("waiting for Kafka: " + e.getMessage());
                if (!told.equals(e.getMessage())) {
                    LOG.warn("{} The topology waits for it", e.getMessage());
                    told = e.getMessage();
                }
            }
        }
        return false;
    }

    /** Returns the exit code: 0 after a signal, 1 if the instance needs a restart. */
    private int work(RedPacketApplication application, Stop stop) throws InterruptedException {
        while (!stop.await(HEALTH_INTERVAL)) {
            if (application.isDead() || application.stuck().isPresent()) {
                String reason = application.stuck().orElseGet(() -> health().sentence());
                health = () -> Health.dead(reason);
                LOG.error("topology {} ends: {}", applicationId, reason);
                return 1;
            }
        }
        LOG.info("topology {} stops; it was {}", applicationId, application.state());
        health = () -> Health.waiting("stopping");
        return 0;
    }

    /** Null without a port; try-with-resources accepts that. */
    private HttpServer serveIfWanted(Metrics metrics) {
        if (operations.port().isEmpty()) {
            return null;
        }
        HttpServer server = HttpServer.start(
                operations.host(),
                operations.port().getAsInt(),
                List.of(new MetricsPath(metrics), new HealthPaths(this::health)));
        LOG.info("Metrics and health are at http://{}:{}/metrics and /health/ready", operations.host(), server.port());
        return server;
    }
}
