package redpacket.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of a process to Redis, be it single, behind Sentinel, over TLS or a cluster, and the one place
 * where a Redis client is configured.
 *
 * <p>It outlives every absence of Redis, at the start too: it reconnects by itself, forever. Meanwhile a command fails at once,
 * or after {@link #COMMAND_TIMEOUT} when Redis is silent. Commands do not pile up to be sent later, so the caller retries.
 *
 * <p>A connection may stay open and yet be of no use: its server became a replica, or hangs while a Sentinel has made another the
 * master, or its address leads to another server by now. So once a second this sends a write that changes nothing. While that
 * fails it opens another connection, which resolves the address or asks the Sentinel again, and replaces the old one once the
 * new one takes the write. Commands that are under way on the old connection then fail. Of a cluster, it asks each master for a
 * sign of life, and reads the cluster's topology again when one gives none.
 *
 * <p>After a reconnect Lettuce repeats the commands that were under way, and a command that timed out may still run, at any later
 * moment: send only what is safe to repeat and to run late.
 */
@SuppressWarnings({
    "FutureReturnValueIgnored", // Connecting goes on beside its callers; every chain ends in a stage that takes
    // failures.
    "ReferenceEquality" // Which connection is the current one, not which is like it.
})
public final class RedisConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisConnection.class);

    /** Long enough for a fork or a failover of Redis, short enough to try several times within a transaction. */
    public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Between attempts while Redis has never been reached; later ones follow {@link #resources}. */
    private static final Duration FIRST_CONNECT_RETRY = Duration.ofMillis(250);

    private static final Duration PING_AGAIN = Duration.ofMillis(50);

    private static final String CLOSED = "closed";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** For a connection whose server is silent, when another one answers: it was perhaps this process that was slow. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    /** There never is such a key. To delete it is a write, which a replica refuses and a full master does not. */
    private static final byte[] NO_KEY = "redpacket:none".getBytes(US_ASCII);

    /** How Redis begins to say that nobody may come in like that. */
    private static final Pattern REFUSAL = Pattern.compile("\\b(WRONGPASS|NOAUTH|NOPERM)\\b");

    /** Commands under way, about 1 kB each: a bound for memory that no working Redis reaches. */
    private static final int REQUEST_QUEUE = 50_000;

    private final RedisAddress address;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Supplier<CompletionStage<Connected>> connect;
    private final Supplier<CompletionStage<Connected>> connectAgain;
    private final Duration connectPatience;
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    /** Null before Redis was reached for the first time. */
    private volatile Connected current;
    /** Null while Redis takes writes, as far as is known. */
    private volatile String trouble = "connecting";

    /** Written by one look at a time. */
    private final AtomicLong replacements = new AtomicLong();

    private volatile boolean closed;

    /** Lettuce has no common type for both. */
    private record Connected(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            Supplier<CompletionStage<?>> probe) {

        /** Completes when Redis takes a write, or exceptionally. */
        CompletableFuture<?> probeNow() {
            try {
                return probe.get().toCompletableFuture();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    private RedisConnection(RedisAddress address, List<RedisURI> nodes, CommandLatencyRecorder latency) {
        this.address = address;
        this.resources = resources(latency);
        this.connectPatience = CONNECT_TIMEOUT.multipliedBy(
                2L + nodes.stream().mapToInt(node -> node.getSentinels().size()).sum());
        if (address.cluster()) {
            RedisClusterClient cluster = RedisClusterClient.create(resources, nodes);
            cluster.setOptions(clusterOptions());
            client = cluster;
            connect = () -> cluster.refreshPartitionsAsync()
                    .thenCompose(found -> cluster.connectAsync(ByteArrayCodec.INSTANCE))
                    .thenCompose(connection -> connectedToAll(connection, cluster));
            // The connection follows what the client learns of the cluster.
            connectAgain = () -> cluster.refreshPartitionsAsync().thenApply(found -> current);
        } else {
            RedisURI uri = nodes.get(0);
            RedisClient single = RedisClient.create(resources, uri);
            single.setOptions(options(ClientOptions.builder()).build());
            client = single;
            connect = () -> single.connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .thenApply(connection -> new Connected(connection, connection.async(), () -> connection
                            .async()
                            .unlink(NO_KEY)));
            connectAgain = connect;
        }
    }

    /**
     * Connects, and waits for that a moment only: if Redis is away it returns too, and keeps trying.
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

    /** The same for a process that only reads, perhaps from a replica: an open connection is never replaced. */
    public static RedisConnection openForReading(RedisAddress address) {
        return open(address, CommandLatencyRecorder.disabled(), false);
    }

    private static RedisConnection open(RedisAddress address, CommandLatencyRecorder latency) {
        return open(address, latency, true);
    }

    private static RedisConnection open(RedisAddress address, CommandLatencyRecorder latency, boolean writes) {
        RedisConnection redis = new RedisConnection(address, nodes(address), latency);
        redis.connectFirst();
        if (writes) {
            redis.reached.thenRun(redis::lookLater);
        }
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
        String refusal = Objects.requireNonNullElse(trouble, "");
        if (current != null) {
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
        Connected now = current;
        if (now == null || closed) {
            throw notReached(trouble);
        }
        return now;
    }

    /**
     * Why Redis does not take writes, as of the last second or two; empty if it does. Does not wait. Memory that is full counts as
     * no trouble here, because Redis still takes some writes then.
     */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
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

    /** How often this connection was replaced by another, whose server may lack what the one before had confirmed. */
    public long replacements() {
        return replacements.get();
    }

    /** Completes when Redis answers, or exceptionally. */
    public CompletionStage<Void> ping() {
        try {
            return commands().ping().thenAccept(pong -> {});
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
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
                reached.thenCompose(first -> ping()).get(leftNanos, TimeUnit.NANOSECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw notReached("interrupted");
            } catch (ExecutionException e) {
                // Refused at once while Lettuce reconnects.
                if (closed || System.nanoTime() >= deadlineNanos) {
                    throw notReached(reasonOf(e));
                }
                LockSupport.parkNanos(PING_AGAIN.toNanos());
            } catch (TimeoutException e) {
                throw notReached(current == null ? trouble : "no answer within " + atMost.toMillis() + " ms");
            }
        }
    }

    /** What is wrong with Redis in one line, without what Lettuce wraps around it. */
    public static String reasonOf(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause instanceof RedisCommandTimeoutException) {
            return "no answer within " + COMMAND_TIMEOUT.toSeconds() + " s";
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        closed = true;
        trouble = CLOSED;
        reached.completeExceptionally(notReached(trouble));
        client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
        resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** Until it succeeds. */
    private void connectFirst() {
        if (closed) {
            return;
        }
        inTime(connect).whenComplete((connected, failure) -> {
            if (failure == null) {
                trouble = null;
                current = connected;
                reached.complete(null);
            } else if (!closed) {
                trouble = reasonOf(failure);
                later(FIRST_CONNECT_RETRY, this::connectFirst);
            }
            firstAttempt.complete(null);
        });
    }

    /** Gives up after a while: a server that hangs takes connections, and then says nothing. */
    private CompletableFuture<Connected> inTime(Supplier<CompletionStage<Connected>> connecting) {
        CompletableFuture<Connected> attempt;
        try {
            attempt = connecting.get().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Connected> inTime =
                attempt.copy().orTimeout(connectPatience.toMillis(), TimeUnit.MILLISECONDS);
        attempt.thenAccept(connected -> {
            if (inTime.isCompletedExceptionally()) {
                close(connected);
            }
        });
        return inTime;
    }

    private void lookLater() {
        later(BETWEEN_LOOKS, this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        Connected looked = current;
        looked.probeNow()
                .handle((took, failure) -> {
                    if (closed) {
                        return CompletableFuture.completedFuture(null);
                    }
                    if (failure == null) {
                        trouble = null;
                        return CompletableFuture.completedFuture(null);
                    }
                    trouble = reasonOf(failure);
                    return replace(looked);
                })
                .thenCompose(stage -> stage)
                .whenComplete((done, failure) -> lookLater());
    }

    /** Completes in any case: if the new connection is of no use either, the next look tries again. */
    private CompletableFuture<?> replace(Connected old) {
        return inTime(connectAgain)
                .thenCompose(fresh -> fresh.probeNow().handle((took, failure) -> {
                    if (failure != null) {
                        close(fresh);
                        return CompletableFuture.completedFuture(null);
                    }
                    return fresh == old ? CompletableFuture.completedFuture(null) : swapUnlessWell(old, fresh);
                }))
                .thenCompose(stage -> stage)
                .exceptionally(failure -> null);
    }

    private CompletableFuture<?> swapUnlessWell(Connected old, Connected fresh) {
        return old.probeNow()
                .orTimeout(LAST_CHANCE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((took, failure) -> {
                    if (failure == null || closed) {
                        close(fresh);
                    } else {
                        LOG.info("Redis at {}: replaced the connection, which failed: {}", address, trouble);
                        replacements.incrementAndGet();
                        current = fresh;
                        old.connection.closeAsync();
                    }
                    trouble = closed ? CLOSED : null;
                    return null;
                });
    }

    private void close(Connected ofNoUse) {
        if (ofNoUse != current) {
            ofNoUse.connection.closeAsync();
        }
    }

    private void later(Duration delay, Runnable work) {
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, resources.eventExecutorGroup())
                .execute(work);
    }

    private RedisConnectionException notReached(String why) {
        return new RedisConnectionException("No Redis at " + address + ": " + why);
    }

    /** Else the first commands to each node would be rejected; a node that is away is not waited for. */
    private static CompletionStage<Connected> connectedToAll(
            StatefulRedisClusterConnection<byte[], byte[]> connection, RedisClusterClient cluster) {
        return CompletableFuture.allOf(toMasters(connection, cluster, node -> CompletableFuture.completedFuture(null)))
                .handle((all, failure) -> new Connected(
                        connection,
                        connection.async(),
                        () -> CompletableFuture.allOf(toMasters(
                                connection, cluster, node -> node.async().ping()))));
    }

    private static <T> CompletableFuture<?>[] toMasters(
            StatefulRedisClusterConnection<byte[], byte[]> connection,
            RedisClusterClient cluster,
            Function<StatefulRedisConnection<byte[], byte[]>, CompletionStage<T>> work) {
        return cluster.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM))
                .map(RedisClusterNode::getUri)
                .map(uri -> connection
                        .getConnectionAsync(uri.getHost(), uri.getPort())
                        .thenCompose(work))
                .toArray(CompletableFuture<?>[]::new);
    }

    /** In a list, a node without a scheme has that of the first, and its user and password. */
    private static List<RedisURI> nodes(RedisAddress address) {
        try {
            // Sentinels are a list within one URI.
            if (!address.cluster()) {
                RedisURI uri = RedisURI.create(address.uri());
                // By default a Sentinel that hangs is given a minute before the next one is asked.
                uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(CONNECT_TIMEOUT));
                return List.of(uri);
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
