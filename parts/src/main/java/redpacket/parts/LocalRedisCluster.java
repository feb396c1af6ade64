package redpacket.parts;

import static java.util.stream.Collectors.joining;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import redpacket.clients.RedisAddress;

/**
 * A real Redis Cluster of three nodes without replicas. A node that was killed and restarted is empty and has its
 * slots. Until then the other nodes refuse commands too, which is a cluster's default while slots are not served.
 */
public final class LocalRedisCluster implements AutoCloseable {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 50;

    /** How long a node is silent before the others mark it as failed. The default is 15 s. */
    private static final String NODE_TIMEOUT_MILLIS = "1000";

    private final List<LocalRedis> nodes = new ArrayList<>();
    private final RedisClient client = RedisClient.create();

    private LocalRedisCluster() {}

    /** Returns when every node knows that all slots are served. */
    public static LocalRedisCluster start() {
        LocalRedisCluster cluster = new LocalRedisCluster();
        try {
            for (int node = 0; node < NODES; node++) {
                cluster.nodes.add(
                        LocalRedis.start("--cluster-enabled", "yes", "--cluster-node-timeout", NODE_TIMEOUT_MILLIS));
            }
            cluster.join();
            cluster.awaitWhole();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    public RedisAddress address() {
        String uris = nodes.stream().map(node -> node.address().uri()).collect(joining(","));
        return new RedisAddress(uris, true);
    }

    /** All nodes, for tests that kill, pause and restart them. */
    public List<LocalRedis> nodes() {
        return List.copyOf(nodes);
    }

    /** The node that holds a key. */
    public LocalRedis nodeOf(String key) {
        return nodes.get(nodeOf(SlotHash.getSlot(key)));
    }

    /**
     * Returns when every node knows that all slots are served. After a restart this takes a few seconds.
     *
     * @throws IllegalStateException after 30 s
     * @throws io.lettuce.core.RedisConnectionException when a node does not run
     */
    public void awaitWhole() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (LocalRedis node : nodes) {
            while (!ask(node, RedisCommands::clusterInfo).contains("cluster_state:ok")) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "No whole Redis Cluster after " + PATIENCE + ": " + ask(node, RedisCommands::clusterNodes));
                }
                try {
                    Thread.sleep(POLL_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("Interrupted while the Redis Cluster forms", e);
                }
            }
        }
    }

    @Override
    public void close() {
        client.close();
        nodes.forEach(LocalRedis::close);
    }

    /** Does the work of {@code redis-cli --cluster create}, which this machine may not have. */
    private void join() {
        for (int node = 0; node < NODES; node++) {
            int epoch = node + 1;
            int[] slots = slotsOf(node);
            ask(nodes.get(node), redis -> redis.clusterAddSlots(slots));
            // Nodes with equal epochs would first have to resolve the conflict.
            ask(nodes.get(node), redis -> redis.clusterSetConfigEpoch(epoch));
        }
        for (LocalRedis other : nodes.subList(1, NODES)) {
            ask(nodes.get(0), redis -> redis.clusterMeet("127.0.0.1", other.port()));
        }
    }

    private static int[] slotsOf(int node) {
        return IntStream.range(0, SlotHash.SLOT_COUNT)
                .filter(slot -> nodeOf(slot) == node)
                .toArray();
    }

    private static int nodeOf(int slot) {
        return slot * NODES / SlotHash.SLOT_COUNT;
    }

    private String ask(LocalRedis node, Function<RedisCommands<String, String>, String> question) {
        try (var connection = client.connect(RedisURI.create(node.address().uri()))) {
            return question.apply(connection.sync());
        }
    }
}
