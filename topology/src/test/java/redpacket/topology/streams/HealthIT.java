package redpacket.topology.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalServers;
import redpacket.service.Health;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;

class HealthIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path stateDirectory;

    /** Tasks start when their Redis answers. So the test decides how long a rebalance takes. */
    @Test
    void shouldTellRebalancingRedisAndDeathApart() {
        try (LocalRedis local = LocalRedis.start();
                RedisConnection redis = RedisConnection.open(local.address());
                RedisConnection another =
                        RedisConnection.open(LocalServers.shared().redis());
                ShareQueues queues = new ShareQueues(redis)) {
            local.kill();
            RedPacketApplication application = RedPacketApplication.start(
                    new StreamsSettings(LocalServers.shared().kafka(), "redpacket-health", stateDirectory, 2, 1),
                    TopologyDependencies.of(SeedSecret.of(RunningPipeline.SECRET), queues));
            try (application) {
                await().atMost(PATIENCE)
                        .until(() -> application.health(redis).sentence().startsWith("waiting for Redis: "));
                assertWaiting(application.health(redis), "waiting for Redis: ");
                assertWaiting(application.health(another), "rebalancing: ");

                local.restart();
                await().atMost(PATIENCE)
                        .until(() -> application.health(redis).equals(Health.ready("ready: 2 stream threads decide")));
            }
            assertThat(application.health(redis))
                    .isEqualTo(Health.dead("dead: Kafka Streams is NOT_RUNNING with 0 threads"));
        }
    }

    private static void assertWaiting(Health health, String sentence) {
        assertThat(health.sentence()).startsWith(sentence);
        assertThat(health).extracting(Health::live, Health::ready).containsExactly(true, false);
    }
}
