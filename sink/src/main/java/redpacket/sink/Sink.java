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
import redpacket.sink.http.HttpApi;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;

/** All of the sink: the read model, the server on top of it, and the ledger where there is a PostgreSQL for it. */
public final class Sink implements AutoCloseable {
    private final ReadModel readModel;
    private final Optional<Ledger> ledger;
    private final Dashboard dashboard;
    private final HttpServer server;
    private final String httpHost;

    /**
     * What a sink works with.
     *
     * @param group Kafka consumer group; sinks with the same Redis need the same
     * @param ledger where the ledger is kept, if it is
     * @param httpHost address to listen on; whoever reaches it can read everything
     * @param httpPort 0 for any free one
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
        HttpApi api = new HttpApi(views, readModel::status, () -> ledger.map(Ledger::health));
        this.dashboard =
                Dashboard.of(settings.kafka(), views, () -> readModel.status().lag());
        try {
            this.server = HttpServer.start(
                    settings.httpHost(), settings.httpPort(), List.of(api, dashboard, new MetricsPath(metrics)));
        } catch (RuntimeException e) {
            dashboard.close();
            throw e;
        }
    }

    /**
     * Starts to follow the topics and to answer.
     *
     * @param metrics in which it shows what it measures; it stays the caller's to close
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

    /** Where the dashboard is. */
    public String url() {
        return "http://%s:%d/".formatted(httpHost, server.port());
    }

    /** Soon begins to build the read model anew. */
    public void rebuild() {
        readModel.rebuild();
    }

    /** False when only a restart can help. */
    public boolean isRunning() {
        return readModel.status().running();
    }

    @Override
    public void close() {
        dashboard.close();
        server.close();
        readModel.close();
        ledger.ifPresent(Ledger::close);
    }
}
