package redpacket.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.LedgerAddress;
import redpacket.clients.RedisConnection;
import redpacket.events.Counters;
import redpacket.events.WindowStats;
import redpacket.parts.LocalPostgres;
import redpacket.parts.LocalServers;
import redpacket.producer.PacketProducer;
import redpacket.service.Metrics;
import redpacket.sink.Sink;
import redpacket.sink.readmodel.Retention;
import redpacket.sink.readmodel.Views;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** After the traffic of the demo, the topics, statistics, read model and ledger agree. */
class DemoAgreesIT {
    private static final String SECRET = "secret of the demo";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int GRABS = 20_000;
    private static final int ALL_WINDOWS = 100_000;

    @Test
    void shouldAgreeToTheLastGrabAndCentWhenAllGrabsAreAnswered(@TempDir Path stateDirectory) throws Exception {
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        DemoTraffic traffic = new DemoTraffic(60, 10, 4_000, GRABS, seed);
        try (LocalServers servers = LocalServers.start(4);
                LocalPostgres postgres = LocalPostgres.start();
                RedisConnection redis = RedisConnection.open(servers.redis());
                ShareQueues queues = new ShareQueues(redis);
                RedPacketApplication topology = RedPacketApplication.start(
                        new StreamsSettings(servers.kafka(), "redpacket", stateDirectory, 2, 1),
                        TopologyDependencies.of(SeedSecret.of(SECRET), queues));
                Metrics metrics = new Metrics();
                Sink sink = Sink.start(settings(servers, postgres), redis, metrics)) {
            Views views = new Views(redis);
            run(traffic, servers, views);

            Report report = Audit.run(
                    servers.kafka(),
                    AuditOptions.STRICT.withSecret(SECRET),
                    SinkStores.both(postgres.address(), servers.redis()));

            assertThat(report.violations()).isEmpty();
            assertThat(report.allAgree()).as("%s", report).isTrue();
            assertThat(report.grabs().readable()).isEqualTo(GRABS);
            assertThat(report.readModel().packets()).isEqualTo(61);
            // The same, independent of the audit.
            Counters counted = views.windows(WindowStats.ALL, ALL_WINDOWS).stream()
                    .map(WindowStats::counters)
                    .reduce(Counters.NONE, Counters::plus);
            assertThat(counted.grabs()).isEqualTo(GRABS);
            assertThat(counted.awardedCents()).isEqualTo(report.cents().awarded());
            assertThat(counted.awarded()).isEqualTo(report.readModel().awards());
            assertThat(number(postgres.address(), "SELECT count(*) FROM redpacket.awards"))
                    .isEqualTo(counted.awarded());
            assertThat(number(postgres.address(), "SELECT sum(cents) FROM redpacket.awards"))
                    .isEqualTo(counted.awardedCents());
            assertThat(sink.failure()).isEmpty();
            assertThat(topology.state()).isEqualTo(KafkaStreams.State.RUNNING);
        }
    }

    private static Sink.Settings settings(LocalServers servers, LocalPostgres postgres) {
        return new Sink.Settings(
                servers.kafka(), "sink", Retention.DEFAULT, Optional.of(postgres.address()), "127.0.0.1", 0);
    }

    private static void run(DemoTraffic traffic, LocalServers servers, Views views) {
        try (PacketProducer producer = PacketProducer.connect(servers.kafka().clientSettings())) {
            List<String> packetIds =
                    traffic.opens().stream().map(open -> open.packetId()).toList();
            CompletableFuture.allOf(traffic.opens().stream().map(producer::open).toArray(CompletableFuture<?>[]::new))
                    .join();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> packetIds.stream()
                    .allMatch(packetId -> views.packet(packetId).isPresent()));
            CompletableFuture.allOf(traffic.grabStream().map(producer::grab).toArray(CompletableFuture<?>[]::new))
                    .join();
        }
        // All grabs are answered, and the read model has all windows.
        await().atMost(PATIENCE)
                .until(() -> views.windows(WindowStats.ALL, ALL_WINDOWS).stream()
                                .mapToLong(window -> window.counters().grabs())
                                .sum()
                        == GRABS);
    }

    private static long number(LedgerAddress ledger, String select) throws SQLException {
        try (Connection connection = ledger.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(select)) {
            row.next();
            return row.getLong(1);
        }
    }
}
