package redpacket.sink;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import redpacket.clients.RedisConnection;
import redpacket.ledger.LedgerException;
import redpacket.options.KafkaOptions;
import redpacket.options.LedgerOptions;
import redpacket.options.RedisOptions;
import redpacket.options.ShortDuration;
import redpacket.service.Metrics;
import redpacket.service.Stop;
import redpacket.sink.readmodel.Retention;

/** Runs the sink until SIGTERM or Ctrl-C. */
@Command(
        name = "sink",
        description = "Write packets, awards and statistics to a read model in Redis, and serve it and a dashboard"
                + " over HTTP. With --ledger also write the ledger. Runs until SIGTERM or Ctrl-C.")
public final class SinkCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SinkCommand.class);

    /** Between checks that the read model still runs. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private LedgerOptions ledger;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            defaultValue = "redpacket-sink",
            description =
                    "Consumer group. Sinks that share a Redis must be in the same group. Default: ${DEFAULT-VALUE}")
    private String group;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. The HTTP API has no authentication. Default: ${DEFAULT-VALUE}")
    private String httpHost;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any free port. Default: ${DEFAULT-VALUE}")
    private int httpPort;

    @Option(
            names = "--rebuild",
            description =
                    "Rebuild the read model from the beginning of the topics. Readers see the old one until the new"
                            + " one is complete. Use it for one start of one sink only.")
    private boolean rebuild;

    @Option(
            names = "--keep-packets",
            paramLabel = "DURATION",
            defaultValue = Retention.DEFAULT_PACKETS,
            converter = ShortDuration.class,
            description = "How long packets can be looked up after they are closed. Default: ${DEFAULT-VALUE}")
    private Duration keepPackets;

    @Option(
            names = "--keep-windows",
            paramLabel = "DURATION",
            defaultValue = Retention.DEFAULT_WINDOWS,
            converter = ShortDuration.class,
            description = "How long statistics can be looked up. Default: ${DEFAULT-VALUE}")
    private Duration keepWindows;

    @Override
    public Integer call() throws InterruptedException {
        kafka.address().requireSignedIn();
        Sink.Settings settings = new Sink.Settings(
                kafka.address(), group, new Retention(keepPackets, keepWindows), ledger.address(), httpHost, httpPort);
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                RedisConnection connection = RedisConnection.open(redis.address(), metrics.registry());
                Sink sink = Sink.start(settings, connection, metrics)) {
            if (rebuild) {
                sink.rebuild();
            }
            LOG.info(
                    "The sink reads Kafka {}, writes to Redis {} and listens on {}",
                    kafka.address(),
                    redis.address(),
                    sink.url());
            while (!stop.await(CHECK_INTERVAL)) {
                // The exit code lets a supervisor restart the process.
                if (!sink.isRunning()) {
                    return 1;
                }
            }
            LOG.info("The sink is stopping");
            return 0;
        } catch (LedgerException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        }
    }
}
