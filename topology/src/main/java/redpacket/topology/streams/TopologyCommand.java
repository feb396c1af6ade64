package redpacket.topology.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.connection.KafkaOptions;
import redpacket.connection.RedisConnection;
import redpacket.connection.RedisOptions;
import redpacket.connection.ShortDuration;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;

/** Runs the topology until it is told to stop. */
@Command(
        name = "topology",
        description =
                "Decides grabs: runs the Kafka Streams topology against a Kafka and a Redis, until SIGTERM or Ctrl-C.")
public final class TopologyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TopologyCommand.class);

    /** HMAC-SHA256 gains nothing from a longer key than its hash, and a much shorter one could be guessed. */
    private static final int MIN_SECRET_LENGTH = 16;

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private RedisOptions redis;

    @Option(
            names = "--seed-secret-file",
            paramLabel = "FILE",
            description =
                    "File with the secret that every packet's seed is made from; or the secret itself in the"
                            + " environment as REDPACKET_SEED_SECRET. All instances need the same. Who knows it knows all shares.")
    private Path seedSecretFile;

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
            defaultValue = "" + PacketSettings.LIVE_PACKETS,
            description =
                    "Packets that each task keeps in memory, of some hundred bytes each. Default: ${DEFAULT-VALUE}")
    private int livePackets;

    @Override
    public Integer call() throws InterruptedException {
        SeedSecret secret = SeedSecret.of(secret());
        Life life = new Life(grace, retention);
        Windows windows = windows(life);
        StreamsSettings streams =
                new StreamsSettings(kafka.address(), applicationId, stateDirectory, threads, replicas);
        LOG.info("topology {} starts: Kafka {}, Redis {}", applicationId, kafka.address(), redis.address());
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            awaitQuietly(stopped);
                        },
                        "stop"));
        try (RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            PacketSettings packets =
                    new PacketSettings(secret, queues, life, windows, PacketSettings.PATIENCE, livePackets);
            try (RedPacketApplication application = RedPacketApplication.start(streams, packets)) {
                stop.await();
                LOG.info("topology {} stops; it was {}", applicationId, application.state());
            }
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private Windows windows(Life life) {
        if (statsWindow.compareTo(Windows.SHORTEST) < 0 || statsWindow.compareTo(Windows.LONGEST) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "--stats-window is " + statsWindow + "; it can be from 100ms to 1d");
        }
        return Windows.of(statsWindow, life);
    }

    private String secret() {
        String secret = seedSecretFile == null ? System.getenv("REDPACKET_SEED_SECRET") : readSecret();
        if (secret == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "No seed secret: set REDPACKET_SEED_SECRET or give --seed-secret-file."
                            + " To make one: openssl rand -hex 32");
        }
        if (secret.length() < MIN_SECRET_LENGTH) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The seed secret has " + secret.length() + " characters; at least " + MIN_SECRET_LENGTH
                            + " are needed, or it could be guessed");
        }
        return secret;
    }

    private String readSecret() {
        try {
            return Files.readString(seedSecretFile).strip();
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "Cannot read --seed-secret-file " + seedSecretFile + ": " + e.getMessage(), e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
