package redpacket.sink.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalRedisCluster;
import redpacket.parts.LocalServers;

/** On a Redis Cluster the read model is spread over the nodes. A node that restarts empty is detected. */
class ReadModelClusterIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void shouldEqualNaiveFoldWhenClusterNodesRestartEmpty() {
        long seed = Long.getLong("redpacket.seed", System.nanoTime());
        System.err.println("-Dredpacket.seed=" + seed);
        try (LocalServers servers = LocalServers.start(2);
                LocalRedisCluster cluster = LocalRedisCluster.start();
                RedisConnection redis = RedisConnection.open(cluster.address());
                RandomHistory history = new RandomHistory(servers.kafka(), new Random(seed));
                ReadModel readModel = ReadModel.start(servers.kafka(), redis, "cluster", Retention.DEFAULT)) {
            Views views = new Views(redis);
            history.randomSteps(300);
            awaitNaiveFold(servers, views);

            for (LocalRedis node : cluster.nodes()) {
                node.kill();
                node.restart();
            }
            history.randomSteps(300);
            // The node with the position has lost it too, so the whole read model is rebuilt.
            awaitNaiveFold(servers, views);
            assertThat(readModel.status().running()).isTrue();
        }
    }

    private static void awaitNaiveFold(LocalServers servers, Views views) {
        NaiveReadModel naive = NaiveReadModel.of(servers.kafka());
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            naive.packets().forEach((packetId, packet) -> {
                assertThat(views.packet(packetId)).contains(packet);
                assertThat(views.winners(packetId, 0, 1_000_000)).isEqualTo(naive.winners(packetId));
            });
            naive.users().forEach((userId, awards) -> assertThat(views.awards(userId, null, awards.size()))
                    .isEqualTo(awards));
        });
    }
}
