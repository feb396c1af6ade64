package redpacket.sink;

import java.util.List;
import java.util.Optional;
import redpacket.clients.KafkaAddress;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisConnection;
import redpacket.ledger.Ledger;
import redpacket.service.HttpServer;
import redpacket.service.Metrics;
import redpacket.service.MetricsPath;
import redpacket.sink.dashboard.Dashboard;
import redpacket.sink.http.BuildingWatch;
import redpacket.sink.http.HttpApi;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;

/** The read model, the HTTP server on top of it, and the ledger if the settings have an address for it. */
public final class Sink implements AutoCloseable {
    private final ReadModel readModel;
    private final Optional<Ledger> ledger;
    private final BuildingWatch building;
    private final Dashboard dashboard;
    private final HttpServer server;
    private final String httpHost;

    /**
     * The settings of a sink.
     *
     * @param group Kafka consumer group; sinks that share a Redis must be in the same group
     * @param ledger PostgreSQL of the ledger; empty for a sink without a ledger
     * @param httpHost address to listen on; there is no authentication
     * @param httpPort 0 for any free port
     */
    public record Settings(
            KafkaAddress kafka,
            String group,
            Retention retention,
            Optional<LedgerAddress> ledger,
            String httpHost,
            int httpPort) {}

    private Sink(
            Settings settings, ReadModel readModel, Optional<Ledger> ledger, RedisConnection redis, Metrics metrics) {
        this.readModel = readModel;
        this.ledger = ledger;
        this.httpHost = settings.httpHost();
        SinkMetrics.show(metrics, readModel, ledger);
        Views views = new Views(redis);
        this.building = BuildingWatch.over(views);
        HttpApi api = new HttpApi(views, building, readModel::status, () -> ledger.map(Ledger::health));
        this.dashboard =
                Dashboard.of(settings.kafka(), views, () -> readModel.status().lag());
        try {
            this.server = HttpServer.start(
                    settings.httpHost(), settings.httpPort(), List.of(api, dashboard, new MetricsPath(metrics)));
        } catch (RuntimeException e) {
            dashboard.close();
            building.close();
            throw e;
        }
    }

    /**
     * Starts to read the topics and to answer requests.
     *
     * @param metrics the sink registers its metrics here; the caller closes it
     * @throws redpacket.ledger.LedgerException if the ledger's PostgreSQL cannot be used
     */
    public static Sink start(Settings settings, RedisConnection redis, Metrics metrics) {
        Optional<Ledger> ledger = settings.ledger().map(address -> Ledger.start(settings.kafka(), address));
        ReadModel readModel = ReadModel.start(settings.kafka(), redis, settings.group(), settings.retention());
        try {
            return new Sink(settings, readModel, ledger, redis, metrics);
        } catch (RuntimeException e) {
            readModel.close();
            ledger.ifPresent(Ledger::close);
            throw e;
        }
    }

    /** The address of the dashboard. */
    public String url() {
        return "http://%s:%d/".formatted(httpHost, server.port());
    }

    /** Requests a rebuild of the read model. Returns at once. */
    public void rebuild() {
        readModel.rebuild();
    }

    /** Why only a restart can help; empty as long as none is needed. */
    public Optional<String> failure() {
        ReadModel.Status status = readModel.status();
        return status.running() ? Optional.empty() : Optional.of(status.trouble());
    }

    @Override
    public void close() {
        dashboard.close();
        server.close();
        building.close();
        readModel.close();
        ledger.ifPresent(Ledger::close);
    }
}
