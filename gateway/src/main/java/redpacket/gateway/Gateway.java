package redpacket.gateway;

import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.TimeoutException;
import redpacket.clients.KafkaAddress;
import redpacket.gateway.access.Access;
import redpacket.producer.PacketClient;
import redpacket.reader.MissingTopicException;
import redpacket.service.Health;
import redpacket.service.HealthPaths;
import redpacket.service.HttpServer;
import redpacket.service.Metrics;
import redpacket.service.RequestLimits;

/** The HTTP server, and the client that asks the pipeline. */
public final class Gateway implements AutoCloseable {
    /** Longer than any open command or grab whose ids have their greatest length. */
    private static final int BODY_BYTES = 4_096;

    /** Writing an answer never takes long: it fits into the buffer of its socket. */
    private static final int WRITERS = 4;

    /** Proxies close connections that are silent for long, often a minute. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private static final String STOPPING = "stopping";

    private final Settings settings;
    private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    private final UserEvents events;
    private final HttpServer server;
    private volatile PacketClient client;
    private volatile String waitsFor = "starting";

    /**
     * The settings of a gateway.
     *
     * @param patience how long a request waits for its answer at most
     * @param port 0 for any free port
     * @param connections of clients at a time
     */
    record Settings(KafkaAddress kafka, Access access, Duration patience, String host, int port, int connections) {}

    private Gateway(Settings settings, Metrics metrics) {
        this.settings = settings;
        metrics.tell(this::health);
        Gauge.builder("redpacket.gateway.waiting", this, gateway -> gateway.waiting())
                .description("Requests that wait for their answer")
                .register(metrics.registry());
        this.events = new UserEvents(settings.kafka, KEEP_ALIVE);
        GatewayApi api = new GatewayApi(
                settings.access,
                settings.patience,
                this::working,
                events,
                writers,
                new RequestMeters(metrics.registry()));
        this.server = HttpServer.start(
                settings.host,
                settings.port,
                List.of(new RequestLimits(BODY_BYTES, settings.connections), api, new HealthPaths(this::health)));
    }

    /**
     * Starts to listen. Requests are answered with 503 until {@link #connect} returns true.
     *
     * @param metrics the gateway registers its metrics here; the caller closes it
     */
    static Gateway start(Settings settings, Metrics metrics) {
        return new Gateway(settings, metrics);
    }

    /**
     * Connects to Kafka. Returns false if Kafka does not answer, or has no topics yet: then try again.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka refuses the client
     */
    boolean connect() {
        try {
            client = PacketClient.connect(settings.kafka.clientSettings(), settings.patience);
            return true;
        } catch (TimeoutException e) {
            waitsFor = settings.kafka.noAnswer(settings.patience.toSeconds() + " s");
        } catch (MissingTopicException e) {
            waitsFor = e.getMessage() + " at " + settings.kafka;
        }
        return false;
    }

    Health health() {
        PacketClient connected = client;
        if (connected == null || waitsFor.equals(STOPPING)) {
            return Health.waiting(waitsFor);
        }
        return connected
                .trouble()
                .map(trouble -> Health.waiting("answers cannot be read: " + trouble))
                .orElseGet(() -> Health.ready("ready: " + connected.waiting() + " requests wait for their answer"));
    }

    int port() {
        return server.port();
    }

    private Optional<PacketClient> working() {
        return waitsFor.equals(STOPPING) ? Optional.empty() : Optional.ofNullable(client);
    }

    private int waiting() {
        return client == null ? 0 : client.waiting();
    }

    /** Takes no more requests, and waits until all have their answer, at most as long as a request waits. */
    @Override
    public void close() {
        waitsFor = STOPPING;
        long deadline = System.nanoTime() + settings.patience.toNanos();
        while (waiting() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        events.close();
        server.close();
        writers.shutdown();
        if (client != null) {
            client.close();
        }
    }
}
