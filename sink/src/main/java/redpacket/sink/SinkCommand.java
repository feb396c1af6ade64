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

/** Runs the sink until it is told to stop. */
@Command(
        name = "sink",
        description =
                "Show what came of packets and grabs: keep a read model in Redis, serve it and a dashboard over HTTP,"
                        + " and with --ledger keep the ledger too, until SIGTERM or Ctrl-C.")
public final class SinkCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SinkCommand.class);

    /** Between looks at whether the read model still runs. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

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
            description = "Consumer group; sinks with the same Redis need the same. Default: ${DEFAULT-VALUE}")
    private String group;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Whoever reaches it can read everything. Default: ${DEFAULT-VALUE}")
    private String httpHost;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int httpPort;

    @Option(
            names = "--rebuild",
            description =
                    "Build the read model anew from the beginning of the topics. Until it is whole, readers see the"
                            + " present one. For one start of one sink.")
    private boolean rebuild;

    @Option(
            names = "--keep-packets",
            paramLabel = "DURATION",
            defaultValue = Retention.DEFAULT_PACKETS,
            converter = ShortDuration.class,
            description = "How long after its closing a packet can be looked up. Default: ${DEFAULT-VALUE}")
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
            LOG.info("The sink of Kafka {} and Redis {} answers at {}", kafka.address(), redis.address(), sink.url());
            while (!stop.await(BETWEEN_LOOKS)) {
                // Whoever started this process is told, and may start another.
                if (!sink.isRunning()) {
                    return 1;
                }
            }
            LOG.info("The sink stops");
            return 0;
        } catch (LedgerException e) {
            LOG.error("{}", e.getMessage());
            return 1;
        }
    }
}
