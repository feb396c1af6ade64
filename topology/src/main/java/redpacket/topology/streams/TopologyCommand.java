package redpacket.topology.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
import redpacket.service.Metrics;
import redpacket.service.OperationsServer;
import redpacket.service.Stop;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;

/** Runs the topology until it is told to stop. */
@Command(
        name = "topology",
        description =
                "Decides grabs: runs the Kafka Streams topology against a Kafka and a Redis, until SIGTERM or Ctrl-C.")
public final class TopologyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyCommand.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

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
            description = "Consumer group and prefix of internal topics; the same for all instances, for ever."
                    + " Default: ${DEFAULT-VALUE}")
    private String applicationId;

    @Option(
            names = "--state-dir",
            paramLabel = "FOLDER",
            defaultValue = "redpacket-state",
            description = "Where the stores lie; kept, a restart takes seconds. Default: ${DEFAULT-VALUE}")
    private Path stateDirectory;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Stream threads; more than partitions are idle. Default: one for each processor")
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
            description = "From a packet's deadline to its closing; longer than broker clocks differ."
                    + " Default: ${DEFAULT-VALUE}")
    private Duration grace;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "7d",
            description = "From a packet's closing until it is forgotten. Default: ${DEFAULT-VALUE}")
    private Duration retention;

    @Option(
            names = "--stats-window",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "1s",
            description = "Length of the windows of the statistics, from 100ms to 1d; the same for all instances."
                    + " Default: ${DEFAULT-VALUE}")
    private Duration statsWindow;

    @Option(
            names = "--live-packets",
            paramLabel = "N",
            defaultValue = "" + TopologyDependencies.LIVE_PACKETS,
            description =
                    "Packets that each task keeps in memory, of some hundred bytes each. Default: ${DEFAULT-VALUE}")
    private int livePackets;

    @Override
    public Integer call() throws InterruptedException {
        SeedSecret secret = SeedSecret.of(seedSecret.required());
        PacketLifetime life = new PacketLifetime(grace, retention);
        WindowSettings windows = windows(life);
        StreamsSettings streams =
                new StreamsSettings(kafka.address(), applicationId, stateDirectory, threads, replicas);
        LOG.info("topology {} starts: Kafka {}, Redis {}", applicationId, kafka.address(), redis.address());
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                RedisConnection connection = RedisConnection.open(redis.address(), metrics.registry());
                ShareQueues queues = new ShareQueues(connection)) {
            TopologyDependencies packets = new TopologyDependencies(
                    secret, queues, life, windows, TopologyDependencies.PATIENCE, livePackets, new PacketMeters());
            try (RedPacketApplication application = RedPacketApplication.start(streams, packets)) {
                return watch(application, () -> application.health(connection), packets, metrics, stop);
            }
        }
    }

    /** Until it is told to stop, or only a restart can help: whoever started this process is told, and may start another. */
    @SuppressWarnings("try") // the server works while it is in scope
    private int watch(
            RedPacketApplication application,
            Supplier<Health> health,
            TopologyDependencies packets,
            Metrics metrics,
            Stop stop)
            throws InterruptedException {
        packets.meters().showIn(metrics);
        PacketMeters.show(packets.queues(), metrics);
        metrics.tell(health);
        application.showIn(metrics);
        try (OperationsServer server = serveIfWanted(metrics, health)) {
            while (!stop.await(BETWEEN_LOOKS)) {
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

    /** Null, which try-with-resources takes, unless a port was given. */
    private OperationsServer serveIfWanted(Metrics metrics, Supplier<Health> health) {
        return operations.port().isPresent()
                ? OperationsServer.start(operations.host(), operations.port().getAsInt(), metrics, health)
                : null;
    }

    private WindowSettings windows(PacketLifetime life) {
        if (statsWindow.compareTo(WindowSettings.SHORTEST) < 0 || statsWindow.compareTo(WindowSettings.LONGEST) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "--stats-window is " + statsWindow + "; it can be from 100ms to 1d");
        }
        return WindowSettings.of(statsWindow, life.grace());
    }
}
