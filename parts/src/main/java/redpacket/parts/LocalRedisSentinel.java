package redpacket.parts;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.net.InetSocketAddress;
import java.time.Duration;
import redpacket.clients.RedisAddress;

/** A real Redis with a password, its replica, and a Sentinel that promotes the replica when the master is gone. */
public final class LocalRedisSentinel implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 50;
    private static final String NAME = "redpacket";
    private static final String PASSWORD = "of-redis";

    private final LocalRedis master = LocalRedis.start("--requirepass", PASSWORD, "--masterauth", PASSWORD);
    private final RedisClient client = RedisClient.create();
    private LocalRedis replica;
    private LocalRedis sentinel;

    private LocalRedisSentinel() {}

    /** Returns when the Sentinel knows the replica, and the replica is in sync. */
    public static LocalRedisSentinel start() {
        LocalRedisSentinel redis = new LocalRedisSentinel();
        try {
            redis.startOthers();
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
        return redis;
    }

    private void startOthers() {
        replica = LocalRedis.start(
                "--requirepass",
                PASSWORD,
                "--masterauth",
                PASSWORD,
                // Two arguments, not one with a space: Redis 6.2 takes each argument as one word.
                "--replicaof",
                "127.0.0.1",
                String.valueOf(master.port()),
                // By default the master waits 5 s for more replicas.
                "--repl-diskless-sync-delay",
                "0");
        sentinel = LocalRedis.startSentinel("""
                sentinel monitor %1$s 127.0.0.1 %2$d 1
                sentinel auth-pass %1$s %3$s
                sentinel down-after-milliseconds %1$s 1000
                sentinel failover-timeout %1$s 5000
                """.formatted(NAME, master.port(), PASSWORD));
        awaitReplica();
    }

    private void awaitReplica() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var connection = client.connectSentinel(sentinelUri())) {
            while (connection.sync().replicas(NAME).stream()
                    .noneMatch(known -> known.get("master-link-status").equals("ok"))) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The Sentinel knows no replica after " + PATIENCE);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the Sentinel looks for the replica", e);
        }
    }

    /** The address of the Sentinel, with the password. */
    public RedisAddress address() {
        return RedisAddress.of("redis-sentinel://:" + PASSWORD + "@127.0.0.1:" + sentinel.port() + "#" + NAME);
    }

    /** The master at the start. */
    public LocalRedis master() {
        return master;
    }

    public LocalRedis replica() {
        return replica;
    }

    /** The port of the current master, as the Sentinel reports it. */
    public int masterPort() {
        try (var connection = client.connectSentinel(sentinelUri())) {
            return ((InetSocketAddress) connection.sync().getMasterAddrByName(NAME)).getPort();
        }
    }

    /** Exchanges the roles of master and replica. Returns when the Sentinel has done so. */
    public void failover() {
        int before = masterPort();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var connection = client.connectSentinel(sentinelUri())) {
            connection.sync().failover(NAME);
            while (masterPort() == before) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("The Sentinel did not exchange the roles within " + PATIENCE);
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the Sentinel exchanges the roles", e);
        }
    }

    private RedisURI sentinelUri() {
        return RedisURI.Builder.sentinel("127.0.0.1", sentinel.port(), NAME).build();
    }

    @Override
    public void close() {
        client.close();
        if (sentinel != null) {
            sentinel.close();
        }
        if (replica != null) {
            replica.close();
        }
        master.close();
    }
}
