package redpacket.sink;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redpacket.clients.RedisConnection;
import redpacket.clients.UnreachableKafkaException;
import redpacket.ledger.LedgerException;
import redpacket.options.KafkaOptions;
import redpacket.options.LedgerOptions;
import redpacket.options.Range;
import redpacket.options.RedisOptions;
import redpacket.options.ShortDuration;
import redpacket.service.Metrics;
import redpacket.service.OutOfMemory;
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

    @Spec
    private CommandSpec spec;

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
    @Range(least = "0", most = "65535")
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
    @Range(least = "1s", most = "3650d")
    private Duration keepPackets;

    @Option(
            names = "--keep-windows",
            paramLabel = "DURATION",
            defaultValue = Retention.DEFAULT_WINDOWS,
            converter = ShortDuration.class,
            description = "How long statistics can be looked up. Default: ${DEFAULT-VALUE}")
    @Range(least = "1s", most = "3650d")
    private Duration keepWindows;

    @Override
    public Integer call() throws InterruptedException {
        OutOfMemory.endsTheProcess();
        tellIfKafkaIsAway();
        Sink.Settings settings = new Sink.Settings(
                kafka.address(), group, new Retention(keepPackets, keepWindows), ledger.address(), httpHost, httpPort);
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                RedisConnection connection = RedisConnection.open(redis.address(), metrics.registry());
                Sink sink = Sink.start(settings, connection, metrics)) {
            if (rebuild) {
                sink.rebuild();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    "The sink reads Kafka %s, writes to Redis %s and listens on %s%n",
                    kafka.address(), redis.address(), sink.url());
            out.flush();
            while (!stop.await(CHECK_INTERVAL)) {
                if (sink.failure().isPresent()) {
                    LOG.error(
                            "The sink ends and needs a restart: {}",
                            sink.failure().get());
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

    private void tellIfKafkaIsAway() {
        try {
            kafka.address().requireReachable();
        } catch (UnreachableKafkaException e) {
            LOG.warn("{} The sink waits for it", e.getMessage());
        }
    }
}
