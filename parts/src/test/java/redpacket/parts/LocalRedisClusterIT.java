package redpacket.parts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalRedisClusterIT {
    private LocalRedisCluster cluster;
    private RedisClusterClient client;

    @BeforeEach
    void start() {
        cluster = LocalRedisCluster.start();
        client = RedisClusterClient.create(Stream.of(cluster.address().uri().split(","))
                .map(RedisURI::create)
                .toList());
    }

    @AfterEach
    void close() {
        client.close();
        cluster.close();
    }

    @Test
    void shouldSpreadAllSlotsOverThreeNodesWhenStarted() {
        assertThat(client.getPartitions()).hasSize(3).allSatisfy(node -> assertThat(node.getSlots())
                .hasSizeBetween(SlotHash.SLOT_COUNT / 3, SlotHash.SLOT_COUNT / 3 + 1));
        try (var connection = client.connect()) {
            for (int key = 0; key < 100; key++) {
                connection.sync().set("key" + key, "value" + key);
                assertThat(connection.sync().get("key" + key)).isEqualTo("value" + key);
                RedisClusterNode owner = client.getPartitions().getPartitionBySlot(SlotHash.getSlot("key" + key));
                assertThat(cluster.nodeOf("key" + key).port())
                        .isEqualTo(owner.getUri().getPort());
            }
        }
    }

    @Test
    void shouldLoseOnlyItsOwnKeysWhenOneNodeRestarts() {
        LocalRedis killed = cluster.nodeOf("lost");
        String kept = Stream.iterate(0, i -> i + 1)
                .map(i -> "kept" + i)
                .filter(key -> cluster.nodeOf(key) != killed)
                .findFirst()
                .orElseThrow();
        try (var connection = client.connect()) {
            connection.sync().set("lost", "1");
            connection.sync().set(kept, "2");

            killed.kill();
            killed.restart();
            cluster.awaitWhole();

            assertThat(connection.sync().get("lost")).isNull();
            assertThat(connection.sync().get(kept)).isEqualTo("2");
        }
    }
}
