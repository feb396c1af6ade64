package redpacket.clients;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerCommandLatencyRecorder;
import io.lettuce.core.metrics.MicrometerOptions;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The one connection of a process to Redis, be it single, behind Sentinel, over TLS or a cluster, and the one place
 * where a Redis client is configured.
 *
 * <p>It outlives every absence of Redis, at the start too: it connects again by itself, forever. Meanwhile a command fails
 * at once, or after {@link #COMMAND_TIMEOUT} when Redis is silent; nothing piles up to be sent later, so whoever needs
 * an answer asks again. After a reconnect Lettuce sends again the commands that were under way, and a command that timed out
 * may still run, at any later moment: send only what is safe to repeat and to run late.
 */
public final class RedisConnection implements AutoCloseable {
    /** Long enough for a fork or a failover of Redis, short enough to try several times within a transaction. */
    public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Between attempts while Redis has never been reached; later ones follow {@link #resources}. */
    private static final Duration FIRST_CONNECT_RETRY = Duration.ofMillis(250);

    private static final Duration PING_AGAIN = Duration.ofMillis(50);

    /** How Redis begins to say that nobody may come in like that. */
    private static final Pattern REFUSAL = Pattern.compile("\\b(WRONGPASS|NOAUTH|NOPERM)\\b");

    /** Commands under way, about 1 kB each: a bound for memory that no working Redis reaches. */
    private static final int REQUEST_QUEUE = 50_000;

    private final RedisAddress address;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Supplier<CompletionStage<Connected>> connect;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final CompletableFuture<Connected> connected = new CompletableFuture<>();
    private volatile String reason = "connecting";

    /** Lettuce has no common type for both. */
    private record Connected(
            StatefulConnection<byte[], byte[]> connection, RedisClusterAsyncCommands<byte[], byte[]> commands) {}

    private RedisConnection(RedisAddress address, List<RedisURI> nodes, CommandLatencyRecorder latency) {
        this.address = address;
        this.resources = resources(latency);
        if (address.cluster()) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, nodes);
            cluster.setOptions(clusterOptions());
            client = cluster;
            connect = () -> cluster.refreshPartitionsAsync()
                    .thenCompose(found -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                    .thenCompose(connection -> connectedToAll(connection, cluster.getPartitions()));
        } else {
            RedisURI uri = nodes.get(0);
            RedisClient single = RedisClient.create(resources, uri);
            single.setOptions(options(ClientOptions.builder()).build());
            client = single;
            connect = () -> single.connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .thenApply(connection -> new Connected(connection, connection.async()));
        }
    }

    /**
     * Connects, and waits for that a moment only: where Redis is away it returns too, and goes on trying.
     *
     * @throws IllegalArgumentException if the address is none
     * @throws RedisConnectionException if Redis is there and refuses the user or the password
     */
    public static RedisConnection open(RedisAddress address) {
        return open(address, CommandLatencyRecorder.disabled());
    }

    /** The same, and measures in the registry how long Redis takes for each kind of command. */
    public static RedisConnection open(RedisAddress address, MeterRegistry registry) {
        return open(address, new MicrometerCommandLatencyRecorder(registry, MicrometerOptions.create()));
    }

    private static RedisConnection open(RedisAddress address, CommandLatencyRecorder latency) {
        RedisConnection redis = new RedisConnection(address, nodes(address), latency);
        redis.connect();
        try {
            redis.firstAttempt.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // Still connecting: commands() tells.
        }
        redis.requireSignedIn();
        return redis;
    }

    /** Every other trouble passes; a wrong password is for somebody to put right. */
    private void requireSignedIn() {
        String refusal = reason;
        if (connected.isDone()) {
            try {
                ping().toCompletableFuture().get(COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException | ExecutionException e) {
                refusal = reasonOf(e);
            }
        }
        if (REFUSAL.matcher(refusal).find()) {
            close();
            throw new RedisConnectionException("Redis at " + address + " refuses the user or the password: " + refusal);
        }
    }

    /**
     * The commands of all kinds of Redis; they are asynchronous and may be used by all threads.
     *
     * @throws RedisConnectionException if Redis has not been reached yet, with the reason
     */
    public RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return connected().commands;
    }

    private Connected connected() {
        if (connected.isDone() && !connected.isCompletedExceptionally()) {
            return connected.join();
        }
        throw notReached(reason);
    }

    /**
     * Sends commands all at once, which costs a fraction of sending one after the other: no system call for each, here and in
     * Redis. To one node they go in order.
     *
     * @throws RedisConnectionException if Redis has not been reached yet, with the reason
     */
    public void sendAll(Collection<? extends RedisCommand<byte[], byte[], ?>> all) {
        connected().connection.dispatch(all);
    }

    /** One command may have only keys of the same slot; without a cluster, that is all keys. */
    public int slotOf(byte[] key) {
        return address.cluster() ? SlotHash.getSlot(key) : 0;
    }

    /** Completes when Redis answers, or exceptionally. */
    public CompletionStage<Void> ping() {
        try {
            return commands().ping().thenAccept(pong -> {});
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    public boolean isReachable(Duration atMost) {
        try {
            requireReachable(atMost);
            return true;
        } catch (RedisConnectionException e) {
            return false;
        }
    }

    /**
     * Returns once Redis answers, for commands that are of no use without it.
     *
     * @throws RedisConnectionException if it does not within the time, with the reason
     */
    public void requireReachable(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                long leftNanos = Math.max(0, deadlineNanos - System.nanoTime());
                connected.thenCompose(commands -> ping()).get(leftNanos, TimeUnit.NANOSECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notReached("interrupted");
            } catch (ExecutionException e) {
                // Refused at once while Lettuce connects again.
                boolean isOver = connected.isCompletedExceptionally() || System.nanoTime() >= deadlineNanos;
                if (isOver) {
                    throw notReached(reasonOf(e));
                }
                LockSupport.parkNanos(PING_AGAIN.toNanos());
            } catch (TimeoutException e) {
                throw notReached(connected.isDone() ? "no answer within " + atMost.toMillis() + " ms" : reason);
            }
        }
    }

    /** What is wrong with Redis in one line, without what Lettuce wraps around it. */
    public static String reasonOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        reason = "closed";
        connected.completeExceptionally(notReached(reason));
        client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
        resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    @Override
    public String toString() {
        return address.toString();
    }

    private void connect() {
        if (connected.isDone()) {
            return;
        }
        try {
            connect.get().whenComplete((commands, failure) -> {
                if (failure == null) {
                    connected.complete(commands);
                } else {
                    connectAgain(failure);
                }
                firstAttempt.complete(null);
            });
        } catch (RuntimeException e) {
            connectAgain(e);
        }
    }

    private void connectAgain(Throwable failure) {
        if (connected.isDone()) {
            return;
        }
        reason = reasonOf(failure);
        CompletableFuture.delayedExecutor(
                        FIRST_CONNECT_RETRY.toMillis(), TimeUnit.MILLISECONDS, resources.eventExecutorGroup())
                .execute(this::connect);
    }

    private RedisConnectionException notReached(String why) {
        return new RedisConnectionException("No Redis at " + address + ": " + why);
    }

    /** Else the first commands to each node would be rejected; a node that is away is none to wait for. */
    private static CompletionStage<Connected> connectedToAll(
            StatefulRedisClusterConnection<byte[], byte[]> connection, Partitions nodes) {
        CompletableFuture<?>[] attempts = nodes.stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM))
                .map(RedisClusterNode::getUri)
                .map(uri -> connection.getConnectionAsync(uri.getHost(), uri.getPort()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(attempts)
                .handle((all, failure) -> new Connected(connection, connection.async()));
    }

    /** In a list, a node without a scheme has that of the first, and its user and password. */
    private static List<RedisURI> nodes(RedisAddress address) {
        try {
            // Sentinels are a list within one URI.
            if (!address.cluster()) {
                return List.of(RedisURI.create(address.uri()));
            }
            String[] parts = address.uri().split(",", -1);
            int host = Math.max(parts[0].indexOf("://") + "://".length(), parts[0].lastIndexOf('@') + 1);
            String credentials = parts[0].substring(0, host);
            return Arrays.stream(parts)
                    .map(part -> RedisURI.create(part.contains("://") ? part : credentials + part))
                    .toList();
        } catch (IllegalArgumentException e) {
            // Without the cause: it may quote the password.
            throw new IllegalArgumentException("Not an address of Redis: " + address);
        }
    }

    private static ClientResources resources(CommandLatencyRecorder latency) {
        return DefaultClientResources.builder()
                .commandLatencyRecorder(latency)
                // One connection per node: more threads would have nothing to do.
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                // Fast enough that a restart of Redis is hardly felt; spread, so that many clients do not come back as
                // one.
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(50), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS))
                .build();
    }

    private static ClusterClientOptions clusterOptions() {
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                // A failover shows as redirects and lost connections, upon which Lettuce looks again: at most once a
                // second.
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                // For what no error shows, such as new nodes.
                .enablePeriodicRefresh(Duration.ofSeconds(30))
                .build();
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        options(options);
        return options.topologyRefreshOptions(refresh).build();
    }

    private static ClientOptions.Builder options(ClientOptions.Builder options) {
        return options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(REQUEST_QUEUE)
                .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
                .socketOptions(socketOptions());
    }

    private static SocketOptions socketOptions() {
        SocketOptions.Builder socket = SocketOptions.builder()
                .connectTimeout(CONNECT_TIMEOUT)
                // Notices within 15 s that an idle connection leads nowhere.
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(6))
                        .interval(Duration.ofSeconds(3))
                        .count(3)
                        .build());
        // The same for a connection that waits for replies; by default the kernel goes on for a quarter of an hour.
        if (EpollProvider.isAvailable()) {
            socket.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(Duration.ofSeconds(15))
                    .build());
        }
        return socket.build();
    }
}
