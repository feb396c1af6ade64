package redpacket.gateway.webhooks;

import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import redpacket.clients.UnreachableKafkaException;
import redpacket.events.Topic;
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

/** Delivers awards and closing events to a URL until SIGTERM or Ctrl-C. */
@Command(
        name = "webhooks",
        description = {
            "Delivers awards and closing events to a URL: each at least once, signed, in order per packet. Tries again"
                    + " until the receiver answers with 2xx. Runs until SIGTERM or Ctrl-C.",
            "Several processes of a group share the work. For another receiver, run another group."
        })
public final class WebhooksCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(WebhooksCommand.class);

    private static final String SECRET = "--webhook-secret";

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--webhook-url",
            paramLabel = "URL",
            required = true,
            converter = Url.class,
            description = "Where events are delivered to, by HTTP POST.")
    private URI url;

    @Option(names = SECRET, hidden = true, converter = Secret.Text.class)
    private Secret secret;

    @Option(
            names = SECRET + "-file",
            paramLabel = "FILE",
            converter = Secret.InFile.class,
            description = "File with the secret that signs requests: whsec_ and 24 to 64 bytes in Base64. With several"
                    + " lines, each request has a signature of each. Or set the lines in REDPACKET_WEBHOOK_SECRET.")
    private Secret secretFile;

    @Option(
            names = "--webhook-events",
            paramLabel = "KIND",
            defaultValue = "all",
            description = "What is delivered: awards, closings or all. Default: ${DEFAULT-VALUE}")
    private Kind kind;

    @Option(
            names = "--webhook-group",
            paramLabel = "ID",
            defaultValue = "redpacket-webhooks",
            description = "Consumer group, whose offsets are the position. A new group begins with the oldest event."
                    + " Default: ${DEFAULT-VALUE}")
    private String groupId;

    @Option(
            names = "--webhook-batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Events of a request at most. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "1000")
    private int mostEvents;

    @Option(
            names = "--webhook-timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = ShortDuration.class,
            description = "How long a request waits for its answer before it is sent again. Default: ${DEFAULT-VALUE}")
    @Range(least = "100ms", most = "2m")
    private Duration timeout;

    @Mixin
    private OperationsOptions operations;

    /** What is delivered. */
    enum Kind {
        AWARDS,
        CLOSINGS,
        ALL;

        Set<Topic> topics() {
            return switch (this) {
                case AWARDS -> Set.of(Topic.AWARDS);
                case CLOSINGS -> Set.of(Topic.PACKETS);
                case ALL -> Set.of(Topic.AWARDS, Topic.PACKETS);
            };
        }
    }

    static final class Url implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            try {
                URI url = new URI(value);
                String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
                if (url.getHost() != null && Set.of("http", "https").contains(scheme) && url.getUserInfo() == null) {
                    return url;
                }
            } catch (URISyntaxException e) {
                // Said below.
            }
            // Without the value, which may contain a secret.
            throw new TypeConversionException("not a URL such as https://HOST/PATH, without a user");
        }
    }

    @Override
    @SuppressWarnings("try") // The server works while it is in scope.
    public Integer call() throws InterruptedException {
        OutOfMemory.endsTheProcess();
        WebhookSecrets secrets = secrets();
        tellIfKafkaIsAway();
        Webhooks.Settings settings = new Webhooks.Settings(kafka.address(), kind.topics(), groupId, mostEvents);
        try (Stop stop = Stop.onSignal();
                Metrics metrics = new Metrics();
                Webhooks webhooks =
                        new Webhooks(settings, new Receiver(url, secrets, timeout, metrics.registry()), metrics);
                HttpServer server = serveIfWanted(webhooks, metrics)) {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("The webhooks read Kafka %s as the group %s%n", kafka.address(), groupId);
            out.flush();
            while (!stop.isAsked()) {
                webhooks.work();
            }
            LOG.info("The webhooks are stopping");
            return 0;
        }
    }

    private WebhookSecrets secrets() {
        Secret given = Secret.given(spec, SECRET, secret, secretFile)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "Requests must be signed: set REDPACKET_WEBHOOK_SECRET or " + SECRET + "-file"));
        try {
            return WebhookSecrets.parse(given.reveal());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "Invalid webhook secret: " + e.getMessage(), e);
        }
    }

    private void tellIfKafkaIsAway() {
        try {
            kafka.address().requireReachable();
        } catch (UnreachableKafkaException e) {
            LOG.warn("{} The webhooks wait for it", e.getMessage());
        }
    }

    /** Null without a port; try-with-resources accepts that. */
    private HttpServer serveIfWanted(Webhooks webhooks, Metrics metrics) {
        return operations.port().isEmpty()
                ? null
                : HttpServer.start(
                        operations.host(),
                        operations.port().getAsInt(),
                        List.of(new MetricsPath(metrics), new HealthPaths(webhooks::health)));
    }
}
