package redpacket.gateway;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.gateway.access.Access;
import redpacket.gateway.access.JwtOptions;
import redpacket.gateway.access.Jwts;
import redpacket.gateway.access.Tokens;
import redpacket.options.KafkaOptions;
import redpacket.options.OperationsOptions;
import redpacket.options.Range;
import redpacket.options.Secret;
import redpacket.options.ShortDuration;
import redpacket.service.HealthPaths;
import redpacket.service.HttpServer;
import redpacket.service.Metrics;
import redpacket.service.MetricsPath;
import redpacket.service.OutOfMemory;
import redpacket.service.Stop;

/** Runs the gateway until SIGTERM or Ctrl-C. */
@Command(
        name = "gateway",
        description = "Lets clients open packets and grab over HTTP, and answers them with the committed result. Runs"
                + " until SIGTERM or Ctrl-C.")
public final class GatewayCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayCommand.class);

    private static final String TOKENS = "--tokens";
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--api-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on for clients. Other machines can only reach it if there are tokens or"
                    + " keys of JWTs. Default: ${DEFAULT-VALUE}")
    private String host;

    @Option(
            names = "--api-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "Port to listen on for clients, 0 for any free port. Default: ${DEFAULT-VALUE}")
    @Range(least = "0", most = "65535")
    private int port;

    @Option(names = TOKENS, hidden = true, converter = Secret.Text.class)
    private Secret tokens;

    @Option(
            names = TOKENS + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the tokens that clients send, a line each: NAME ROLES TOKEN. Roles are opener,"
                    + " grabber and reader, separated by commas. Or set the lines in REDPACKET_TOKENS. Default: no"
                    + " tokens; without keys of JWTs as well, everybody on this machine may do everything")
    private Secret tokensFile;

    @Mixin
    private JwtOptions jwt;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ShortDuration.class,
            description = "How long a request waits for its answer at most. Default: ${DEFAULT-VALUE}")
    @Range(least = "100ms", most = "5m")
    private Duration patience;

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Requests that each token allows; more are answered with 429. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "1000000")
    private int requestsPerSecond;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Connections of clients at a time; more have to wait. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "1000000")
    private int connections;

    @Mixin
    private OperationsOptions operations;

    @Override
    @SuppressWarnings("try") // The server works while it is in scope.
    public Integer call() throws InterruptedException {
        OutOfMemory.endsTheProcess();
        Gateway.Settings settings = new Gateway.Settings(kafka.address(), access(), patience, host, port, connections);
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                Gateway gateway = Gateway.start(settings, metrics);
                HttpServer server = serveIfWanted(gateway, metrics)) {
            if (connect(gateway, stop)) {
                PrintWriter out = spec.commandLine().getOut();
                out.printf(
                        "The gateway asks Kafka %s and listens on http://%s:%d/%n",
                        kafka.address(), host, gateway.port());
                out.flush();
                while (!stop.await(TRY_AGAIN)) {
                    // Works until the signal comes.
                }
            }
            LOG.info("The gateway is stopping");
            return 0;
        }
    }

    private Access access() {
        Optional<Tokens> known = Secret.given(spec, TOKENS, tokens, tokensFile).map(this::parse);
        Optional<Jwts> jwts = jwt.jwts(spec);
        if (known.isPresent() || jwts.isPresent()) {
            return Access.with(known, jwts);
        }
        if (!isLoopback()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Without tokens everybody who reaches %s could spend money: set REDPACKET_TOKENS, --tokens-file or"
                                    .formatted(host)
                            + " --jwt-keys-file, or leave out --api-host");
        }
        return Access.onThisMachine(requestsPerSecond);
    }

    private Tokens parse(Secret text) {
        try {
            return Tokens.parse(text.reveal(), requestsPerSecond);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Invalid tokens: " + e.getMessage(), e);
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new ParameterException(spec.commandLine(), "--api-host " + host + " is unknown", e);
        }
    }

    /** False if the signal to stop comes first. */
    private static boolean connect(Gateway gateway, Stop stop) throws InterruptedException {
        String told = "";
        while (!stop.isAsked()) {
            if (gateway.connect()) {
                return true;
            }
            String reason = gateway.health().sentence();
            if (!told.equals(reason)) {
                LOG.warn("{} The gateway waits for it", reason);
                told = reason;
            }
            stop.await(TRY_AGAIN);
        }
        return false;
    }

    /** Null without a port; try-with-resources accepts that. */
    private HttpServer serveIfWanted(Gateway gateway, Metrics metrics) {
        return operations.port().isEmpty()
                ? null
                : HttpServer.start(
                        operations.host(),
                        operations.port().getAsInt(),
                        List.of(new MetricsPath(metrics), new HealthPaths(gateway::health)));
    }
}
