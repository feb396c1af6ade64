package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.shares.Packets.cut;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.result;

import io.lettuce.core.FlushMode;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedis;
import redpacket.parts.LocalRedisCluster;

/** The queues of a Redis Cluster: every packet lives on one node, the packets on all. */
class ShareQueuesClusterIT {
    private static final int PACKETS = 60;

    private static LocalRedisCluster cluster;
    private static RedisClient client;
    private static RedisConnection connection;
    private static ShareQueues queues;

    @BeforeAll
    static void start() {
        cluster = LocalRedisCluster.start();
        client = RedisClient.create();
        connection = RedisConnection.open(cluster.address());
        connection.requireReachable(Duration.ofSeconds(60));
        queues = new ShareQueues(connection);
    }

    @AfterAll
    static void stop() {
        queues.close();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        cluster.close();
    }

    @Test
    void shouldSpreadPacketsOverAllNodesButKeepEachOnOneSlot() {
        for (ShareQueue queue : packets("spread")) {
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));
            assertThat(IntStream.of(slot(queue, "shares"), slot(queue, "popped"), slot(queue, "loading:1")))
                    .containsOnly(SlotHash.getSlot(queue.packetId()));
        }
        for (LocalRedis node : cluster.nodes()) {
            try (var admin = client.connect(RedisURI.create(node.address().uri()))) {
                assertThat(admin.sync().dbsize()).isPositive();
            }
        }
    }

    @Test
    void shouldLoadABigQueueWhole() {
        ShareQueue queue = packetWith("big", 100_000);
        assertThat(result(queues.pop(queue, 99_000, 1_000))).isEqualTo(cut(queue, 99_000, 1_000));
        result(queues.reload(queue));
        assertThat(result(queues.pop(queue, 0, 1_000))).isEqualTo(cut(queue, 0, 1_000));
        result(queues.remove(queue));
    }

    @Test
    void shouldGoOnWhenScriptsAreFlushedOnEveryNode() {
        List<ShareQueue> packets = packets("scripts");
        for (ShareQueue queue : packets) {
            result(queues.pop(queue, 0, 10));
        }
        for (LocalRedis node : cluster.nodes()) {
            try (var admin = client.connect(RedisURI.create(node.address().uri()))) {
                admin.sync().scriptFlush(FlushMode.SYNC);
            }
        }
        for (ShareQueue queue : packets) {
            assertThat(result(queues.pop(queue, 10, 10))).isEqualTo(cut(queue, 10, 10));
        }
    }

    @Test
    void shouldWaitThenGoOnWhenANodeIsKilledAndComesBackEmpty() {
        List<ShareQueue> packets = packets("killed");
        for (ShareQueue queue : packets) {
            result(queues.pop(queue, 0, 10));
        }

        LocalRedis node = cluster.nodeOf(key(packets.get(0), "shares"));
        node.kill();
        node.restart();

        for (ShareQueue queue : packets) {
            ShareReader reader = new ShareReader(queues, queue, 10, new Patience(Duration.ofSeconds(30)));
            assertThat(reader.shareAt(10)).isEqualTo(queue.cut()[10]);
        }
    }

    private static List<ShareQueue> packets(String prefix) {
        return IntStream.range(0, PACKETS)
                .mapToObj(i -> packetWith(prefix + "-" + i, 50))
                .toList();
    }

    private static int slot(ShareQueue queue, String part) {
        return SlotHash.getSlot(key(queue, part));
    }

    private static String key(ShareQueue queue, String part) {
        return new String(queue.key(part), StandardCharsets.US_ASCII);
    }
}
