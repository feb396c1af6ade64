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
 * The connection of a process to Redis: a single server, Sentinel or a cluster, with or without TLS. All settings of
 * Redis clients are here.
 *
 * <p>It reconnects by itself, without a limit, also if Redis is unavailable at the start. Meanwhile a command fails at
 * once, or after {@link #COMMAND_TIMEOUT} if Redis does not answer. Commands are not queued for later, so the caller
 * retries.
 *
 * <p>An open connection may be useless: its server became a replica, or hangs while a Sentinel has promoted another
 * server, or the address resolves to another server now. So the connection sends a write without effect once a second.
 * While that write fails, it opens another connection, which resolves the address or asks the Sentinel again. The new
 * connection replaces the old one once it takes the write. Commands in flight on the old connection then fail. In a
 * cluster, the connection pings each master, and reads the topology of the cluster again if one does not answer.
 *
 * <p>After a reconnect Lettuce repeats the commands in flight, and a command that timed out may still run at any later
 * moment. So every command must be safe to repeat and to run late.
 */
// FutureReturnValueIgnored: connecting runs in the background, and the last stage of every chain handles failures.
// ReferenceEquality: compares with the current connection itself, not with an equal one.
@SuppressWarnings({"FutureReturnValueIgnored", "ReferenceEquality"})
public final class RedisConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisConnection.class);

    /** Long enough for a fork or a failover of Redis, short enough for several attempts within a transaction. */
    public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Between attempts to connect for the first time. Lettuce reconnects later ({@link #resources}). */
    private static final Duration FIRST_CONNECT_RETRY = Duration.ofMillis(250);

    private static final Duration PING_AGAIN = Duration.ofMillis(50);

    private static final String CLOSED = "closed";

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** How long the old connection may still answer after the new one did: perhaps this process was slow. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    /** A key that never exists. Deleting it is a write: a replica refuses it, a master with full memory does not. */
    private static final byte[] NO_KEY = "redpacket:none".getBytes(US_ASCII);

    /** The codes in errors of Redis about credentials and permissions. */
    private static final Pattern REFUSAL = Pattern.compile("\\b(WRONGPASS|NOAUTH|NOPERM)\\b");

    /** Upper bound on commands in flight, about 1 kB each. A working Redis never reaches it. */
    private static final int REQUEST_QUEUE = 50_000;

    private final RedisAddress address;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Supplier<CompletionStage<Connected>> connect;
    private final Supplier<CompletionStage<Connected>> connectAgain;
    private final Duration connectPatience;

    /** Complete when Redis was reached, or when it is known why not. */
    private final CompletableFuture<Void> firstAttempt = new CompletableFuture<>();

    private final CompletableFuture<Void> reached = new CompletableFuture<>();

    /** Null until Redis has been reached for the first time. */
    private volatile Connected current;

    /** Null while Redis takes writes, as far as is known. */
    private volatile String trouble = "connecting";

    /** Written by one look at a time. */
    private final AtomicLong replacements = new AtomicLong();

    private volatile boolean closed;

    /** A connection and its commands; Lettuce has no common type for single servers and clusters. */
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
            // The connection uses the topology that its client has read.
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
     * Connects. Waits at most 2 s for Redis; after that it returns, and the connection keeps trying.
     *
     * @throws IllegalArgumentException if the address is invalid
     * @throws RedisConnectionException if Redis refuses the user or the password
     */
    public static RedisConnection open(RedisAddress address) {
        return open(address, CommandLatencyRecorder.disabled());
    }

    /** Like {@link #open(RedisAddress)}, and measures the latency of each kind of command in the registry. */
    public static RedisConnection open(RedisAddress address, MeterRegistry registry) {
        return open(address, new MicrometerCommandLatencyRecorder(registry, MicrometerOptions.create()));
    }

    /** Like {@link #open(RedisAddress)}, for reading, perhaps from a replica: it never replaces an open connection. */
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
            // Still connecting. commands() fails with the reason.
        }
        redis.requireSignedIn();
        return redis;
    }

    /** Fails for wrong credentials, which an operator must correct. Other failures pass by themselves. */
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
     * The commands, asynchronous and thread-safe. The type fits single servers too.
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
     * The reason why Redis takes no writes, at most two seconds old. Empty if Redis takes writes. Does not wait. Full
     * memory is not reported here, because Redis still takes some writes then.
     */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /**
     * Sends commands together, which needs fewer system calls here and in Redis than sending them one by one. Commands
     * to one node are sent in order.
     *
     * @throws RedisConnectionException if Redis has not been reached yet, with the reason
     */
    public void sendAll(Collection<? extends RedisCommand<byte[], byte[], ?>> all) {
        connected().connection.dispatch(all);
    }

    /**
     * The slot of a key. A command may contain keys of one slot only. Without a cluster, all keys have the same slot.
     */
    public int slotOf(byte[] key) {
        return address.cluster() ? SlotHash.getSlot(key) : 0;
    }

    /** How often the connection was replaced. The new server may lack writes that the old one had acknowledged. */
    public long replacements() {
        return replacements.get();
    }

    /** Completes when Redis answers, exceptionally if it does not. */
    public CompletionStage<Void> ping() {
        try {
            return commands().ping().thenAccept(pong -> {});
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Returns once Redis answers.
     *
     * @throws RedisConnectionException with the reason if Redis does not answer in time
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
                // Commands fail at once while Lettuce reconnects.
                if (closed || System.nanoTime() >= deadlineNanos) {
                    throw notReached(reasonOf(e));
                }
                LockSupport.parkNanos(PING_AGAIN.toNanos());
            } catch (TimeoutException e) {
                throw notReached(current == null ? trouble : "no answer within " + atMost.toMillis() + " ms");
            }
        }
    }

    /** The root cause of a failure in one line. */
    public static String reasonOf(Throwable failure) {
        Throwable cause = Causes.root(failure);
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

    /** Tries until it succeeds or the connection is closed. */
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
            if (!isClosedEarly(failure)) {
                firstAttempt.complete(null);
            }
        });
    }

    /** If Redis refuses the password and closes, Lettuce may see the end first. Another attempt shows the reason. */
    private static boolean isClosedEarly(Throwable failure) {
        return failure != null && Causes.root(failure) instanceof RedisConnectionException;
    }

    /** Fails after a timeout, because a server that hangs accepts a connection and then never answers. */
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

    /** Always completes normally. If the new connection is useless too, the next look tries again. */
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

    /**
     * Connects to all masters first, or the first commands to each would be rejected. Does not wait for failed nodes.
     */
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

    /** Nodes without a scheme in the list get the scheme, user and password of the first one. */
    private static List<RedisURI> nodes(RedisAddress address) {
        try {
            // Lettuce itself parses a list of Sentinels.
            if (!address.cluster()) {
                RedisURI uri = RedisURI.create(address.uri());
                // The default is a minute for a Sentinel that hangs, before the next one is asked.
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
            // Without the cause, whose message may contain the password.
            throw new IllegalArgumentException("Not an address of Redis: " + address);
        }
    }

    private static ClientResources resources(CommandLatencyRecorder latency) {
        return DefaultClientResources.builder()
                .commandLatencyRecorder(latency)
                // There is one connection per node, so more threads would be idle.
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                // A restart of Redis causes a short delay only. Jitter spreads the reconnects of many clients.
                .reconnectDelay(
                        Delay.fullJitter(Duration.ofMillis(50), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS))
                .build();
    }

    private static ClusterClientOptions clusterOptions() {
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                // A failover causes redirects and lost connections. Then Lettuce refreshes, at most once a second.
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                // Changes such as new nodes cause no errors.
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
                // Detects a dead idle connection within 15 s.
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(6))
                        .interval(Duration.ofSeconds(3))
                        .count(3)
                        .build());
        // The same for a connection that waits for replies. By default the kernel retries for a quarter of an hour.
        if (EpollProvider.isAvailable()) {
            socket.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(Duration.ofSeconds(15))
                    .build());
        }
        return socket.build();
    }
}
