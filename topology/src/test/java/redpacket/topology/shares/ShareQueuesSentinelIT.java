package redpacket.topology.shares;

import static org.assertj.core.api.Assertions.assertThat;
import static redpacket.topology.shares.Packets.cut;
import static redpacket.topology.shares.Packets.packetWith;
import static redpacket.topology.shares.Packets.result;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.parts.LocalRedisSentinel;

/** The queues of a Redis that Sentinel watches. */
class ShareQueuesSentinelIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void shouldGoOnWithTheReplicaWhenTheMasterIsKilled() {
        try (LocalRedisSentinel redis = LocalRedisSentinel.start();
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            assertThat(redis.masterPort()).isEqualTo(redis.master().port());
            ShareQueue queue = packetWith("watched", 1_000);
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));

            redis.master().kill();

            ShareReader reader = new ShareReader(queues, queue, 10, new Patience(PATIENCE));
            assertThat(reader.shareAt(10)).isEqualTo(queue.cut()[10]);
            assertThat(redis.masterPort()).isEqualTo(redis.replica().port());
            assertThat(connection.toString()).doesNotContain("of-redis");
        }
    }

    /** Its connections stay open, and nothing on them says that another is the master. */
    @Test
    void shouldGoOnWithTheReplicaWhenTheMasterHangs() {
        try (LocalRedisSentinel redis = LocalRedisSentinel.start();
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            ShareQueue queue = packetWith("watched", 1_000);
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));

            redis.master().pause();
            try {
                ShareReader reader = new ShareReader(queues, queue, 10, new Patience(PATIENCE));
                assertThat(reader.shareAt(10)).isEqualTo(queue.cut()[10]);
                assertThat(redis.masterPort()).isEqualTo(redis.replica().port());
                assertThat(connection.trouble()).isEmpty();
            } finally {
                redis.master().resume();
            }
            assertThat(result(queues.pop(queue, 20, 10))).isEqualTo(cut(queue, 20, 10));
        }
    }

    /** As an administrator does: the old master becomes a replica and keeps its connections. */
    @Test
    void shouldGoOnWithTheReplicaWhenRolesAreExchanged() {
        try (LocalRedisSentinel redis = LocalRedisSentinel.start();
                RedisConnection connection = RedisConnection.open(redis.address());
                ShareQueues queues = new ShareQueues(connection)) {
            ShareQueue queue = packetWith("watched", 1_000);
            assertThat(result(queues.pop(queue, 0, 10))).isEqualTo(cut(queue, 0, 10));

            redis.failover();

            ShareReader reader = new ShareReader(queues, queue, 10, new Patience(PATIENCE));
            for (int i = 10; i < queue.shares(); i++) {
                assertThat(reader.shareAt(i)).isEqualTo(queue.cut()[i]);
            }
            assertThat(redis.masterPort()).isEqualTo(redis.replica().port());
        }
    }
}
