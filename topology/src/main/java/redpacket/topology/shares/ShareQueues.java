package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;

/**
 * The share queues of all packets in Redis. Shares are popped by cursor, and a queue is loaded whenever it is not
 * whole.
 *
 * <p>A queue consists of two lists, {@code popped} and {@code shares}. It is <em>whole</em> if both together have as
 * many elements as the packet has shares. Each method makes one attempt: if Redis fails, the stage fails, and nothing
 * is lost.
 *
 * <p>The invariant: <b>in a whole queue, popped followed by shares is the cut</b>. It holds whichever commands ran,
 * however often and however late. Each command runs alone on one server, and:
 *
 * <ul>
 *   <li><b>pop</b> moves shares from the head of {@code shares} to the tail of {@code popped}, which keeps the
 *       invariant. It returns the elements of {@code popped} from a given position on. By the invariant these are the
 *       shares of the cut at that position. A late pop moves shares before they are needed. If the caller gives the
 *       cut, pop first fills a queue that is not whole.
 *   <li><b>append</b> adds to a loading list, whose name no other load ever uses, and only at one position. So the list
 *       is always a prefix of the cut. A late append starts a list that is never published; Redis deletes it after
 *       {@link #LOADING_LIFETIME}.
 *   <li><b>publish</b> replaces both lists by the loading list if that is the whole cut. This removes the loading list,
 *       so a repeat finds nothing to publish. A late publish takes pops back; the next pop moves the shares again.
 *   <li><b>remove</b>, eviction, expiry and a flush leave no queue, or one that is not whole. If they come late, they
 *       cost a load.
 *   <li>A failover brings back an earlier state of both lists, for which all of this held too.
 * </ul>
 *
 * <p>Other writers to these keys may break the invariant. Such a queue is damaged: the caller sees shares that are
 * impossible (an element that is no number reads as 0 cents) and calls {@link #reload}.
 */
public final class ShareQueues implements AutoCloseable {
    /** Shares that one command moves or appends: a few milliseconds, in which Redis serves no other client. */
    static final int STEP = 10_000;

    /**
     * Up to this many shares are cut by the caller and sent with the first pop: one call, and no wait behind big loads.
     */
    static final int SMALL = 1_000;

    /** Time to live of a loading list, in case its load stops halfway. Each chunk renews it. */
    static final Duration LOADING_LIFETIME = Duration.ofMinutes(1);

    /**
     * With this many calls under way, no block is requested ahead of need. Redis answers in order, and a call that
     * waits behind others until its timeout is repeated, which adds to the load.
     */
    private static final int BUSY = 4_000;

    /** Shortest time to live from a load or a first pop on, because the log may be read long after it was written. */
    static final Duration LIFETIME_AT_LEAST = Duration.ofMinutes(10);

    private static final Duration AWAIT_PAUSE = Duration.ofMillis(200);

    /**
     * The name of all starting tasks in {@link Outage}, which otherwise gets packet ids. No packet id contains a blank.
     */
    private static final String STARTING = "a starting task";

    private static final byte[] PROBE = "redpacket:probe".getBytes(US_ASCII);

    private static final Logger LOG = LoggerFactory.getLogger(ShareQueues.class);
    private static final Script POP = Script.beside(ShareQueues.class, "pop.lua");
    private static final Script APPEND = Script.beside(ShareQueues.class, "append.lua");
    private static final Script PUBLISH = Script.beside(ShareQueues.class, "publish.lua");
    private static final byte[][] NO_SHARES = {};
    private static final long MAX_CENTS = Long.MAX_VALUE - 9;

    private final RedisConnection redis;
    private final Outage outage = new Outage();
    private final LongAdder calls = new LongAdder();
    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder loads = new LongAdder();
    private final LongAdder blocks = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final Rebuilds rebuilds = new Rebuilds();
    private final ConcurrentMap<String, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();

    /**
     * Cut and load big queues, outside of the stream threads and those of Netty. Two at once, to bound the memory of
     * cuts.
     */
    private final ExecutorService loaders = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "share-queue-loader");
        thread.setDaemon(true);
        return thread;
    });

    public ShareQueues(RedisConnection redis) {
        this.redis = redis;
    }

    /**
     * Returns the shares from the cursor on, in cents. Loads the queue if it is not whole. A repeated pop returns the
     * same shares.
     *
     * @param n at least 1, at most the number of shares from the cursor on
     */
    public CompletionStage<long[]> pop(ShareQueue queue, int cursor, int n) {
        if (cursor < 0 || n < 1 || n > queue.shares() - cursor) {
            throw new IllegalArgumentException("Cannot pop " + n + " shares from cursor " + cursor + " of a queue of "
                    + queue.shares() + " shares");
        }
        // At cursor 0 the queue is most likely not loaded yet.
        boolean withShares = cursor == 0 && isSmall(queue);
        return attempt(queue.packetId(), () -> popWhole(queue, cursor, n, withShares ? shares(queue) : NO_SHARES)
                .thenCompose(popped ->
                        popped == null ? loadAndPop(queue, cursor, n) : CompletableFuture.completedFuture(popped))
                .thenApply(popped -> parsed(popped, n)));
    }

    /** Loads the queue again, whether it is whole or not. */
    public CompletionStage<Void> reload(ShareQueue queue) {
        return attempt(queue.packetId(), () -> remove(queue.packetId()).thenCompose(gone -> load(queue)));
    }

    /** Deletes the queue of a packet that is not needed any more. */
    public CompletionStage<Void> remove(String packetId) {
        byte[][] keys = {key(packetId, "shares"), key(packetId, "popped")};
        return call(commands -> commands.unlink(keys)).thenAccept(count -> {});
    }

    /**
     * Waits until Redis accepts writes. A full Redis and a replica answer reads, but they cannot load a queue. In a
     * cluster this asks one node.
     *
     * @throws SharesUnavailableException if Redis accepts none within the time, or the thread is interrupted. The
     *     interrupt status stays set.
     */
    public void awaitRedis(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        for (String refusal = refusal(); refusal != null; refusal = refusal()) {
            if (Thread.currentThread().isInterrupted() || System.nanoTime() > deadlineNanos) {
                throw new SharesUnavailableException(
                        "Redis accepted no write for " + atMost.toSeconds() + " s: " + refusal, null);
            }
            LockSupport.parkNanos(AWAIT_PAUSE.toNanos());
        }
    }

    /** Why Redis does not accept a write now; null if it does. */
    private String refusal() {
        try {
            attempt(STARTING, () -> call(commands -> commands.set(PROBE, PROBE, SetArgs.Builder.px(LOADING_LIFETIME))))
                    .toCompletableFuture()
                    .get(RedisConnection.COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return RedisConnection.reasonOf(e);
        } catch (TimeoutException e) {
            return "no answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Calls to Redis so far. */
    public long calls() {
        return calls.sum();
    }

    /** Queues loaded so far because they were missing or not whole, except small queues at their first pop. */
    public long loads() {
        return loads.sum();
    }

    /** The loaded queues that Redis had lost: shares had been popped from them before. */
    public long rebuilt() {
        return rebuilds.count();
    }

    /** Blocks that readers have requested so far. */
    public long blocks() {
        return blocks.sum();
    }

    /** How often a reader has waited for a block so far. */
    public long waits() {
        return waits.sum();
    }

    /** Stops the loading threads. The connection stays open, and the queues stay in Redis. */
    @Override
    public void close() {
        loaders.shutdownNow();
    }

    CompletionStage<long[]> popBlock(ShareQueue queue, int cursor, int n) {
        blocks.increment();
        return pop(queue, cursor, n);
    }

    boolean areBusy() {
        return underWay.get() >= BUSY;
    }

    void readerWaits() {
        waits.increment();
    }

    private CompletionStage<byte[]> loadAndPop(ShareQueue queue, int cursor, int n) {
        if (cursor > 0) {
            rebuilds.happened(queue.packetId());
        }
        CompletionStage<byte[]> popped;
        if (isSmall(queue)) {
            loads.increment();
            popped = popWhole(queue, cursor, n, shares(queue));
        } else {
            popped = load(queue).thenCompose(loaded -> popWhole(queue, cursor, n, NO_SHARES));
        }
        return popped.thenApply(block -> {
            if (block == null) {
                throw new RedisException("The queue of packet " + queue.packetId() + " is not whole after a load");
            }
            return block;
        });
    }

    /** Null when the queue is not whole and no shares are given. */
    private CompletionStage<byte[]> popWhole(ShareQueue queue, int cursor, int n, byte[][] shares) {
        String packetId = queue.packetId();
        byte[][] keys = {key(packetId, "shares"), key(packetId, "popped")};
        byte[][] arguments = Arrays.copyOf(
                new byte[][] {ascii(cursor), ascii(n), ascii(queue.shares()), ascii(STEP), ascii(expiresAtMillis(queue))
                },
                5 + shares.length);
        System.arraycopy(shares, 0, arguments, 5, shares.length);
        return call(commands -> POP.<byte[]>call(commands, ScriptOutputType.VALUE, keys, arguments))
                .thenCompose(popped -> popped != null && popped.length == 0
                        ? popWhole(queue, cursor, n, NO_SHARES)
                        : CompletableFuture.completedFuture(popped));
    }

    /** Loads the queue, or joins the load under way. So a load continues if its reader stops waiting. */
    private CompletionStage<Void> load(ShareQueue queue) {
        return loading.computeIfAbsent(
                queue.packetId(),
                packetId -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                loadNow(queue);
                            } finally {
                                loading.remove(packetId);
                            }
                        },
                        loaders));
    }

    private void loadNow(ShareQueue queue) {
        loads.increment();
        String packetId = queue.packetId();
        long[] cut = queue.cut().get();
        LOG.debug("Loading {} shares of packet {}", cut.length, packetId);
        byte[] loadingKey = key(packetId, "loading:" + UUID.randomUUID());
        for (int from = 0; from < cut.length; from += STEP) {
            int to = Math.min(from + STEP, cut.length);
            byte[][] arguments = new byte[2 + to - from][];
            arguments[0] = ascii(from);
            arguments[1] = ascii(LOADING_LIFETIME.toMillis());
            for (int i = from; i < to; i++) {
                arguments[2 + i - from] = ascii(cut[i]);
            }
            long length = call(commands ->
                            APPEND.<Long>call(commands, ScriptOutputType.INTEGER, new byte[][] {loadingKey}, arguments))
                    .toCompletableFuture()
                    .join();
            if (length != to) {
                throw new RedisException("Redis lost the queue of packet " + packetId + " while it was loaded");
            }
        }
        byte[][] keys = {loadingKey, key(packetId, "shares"), key(packetId, "popped")};
        byte[][] arguments = {ascii(cut.length), ascii(expiresAtMillis(queue))};
        // The next pop checks whether the queue is whole.
        call(commands -> PUBLISH.call(commands, ScriptOutputType.STATUS, keys, arguments))
                .toCompletableFuture()
                .join();
    }

    private <T> CompletionStage<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        calls.increment();
        underWay.incrementAndGet();
        CompletionStage<T> reply;
        try {
            reply = command.apply(redis.commands());
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.whenComplete((answer, failure) -> underWay.decrementAndGet());
    }

    private <T> CompletionStage<T> attempt(String waiting, Supplier<CompletionStage<T>> work) {
        CompletionStage<T> result;
        try {
            result = work.get();
        } catch (RuntimeException e) {
            result = CompletableFuture.failedFuture(e);
        }
        return result.whenComplete((answer, failure) -> {
            if (failure == null) {
                outage.answered(waiting);
            } else {
                outage.failed(waiting, RedisConnection.reasonOf(failure));
            }
        });
    }

    private static boolean isSmall(ShareQueue queue) {
        return queue.shares() <= SMALL;
    }

    private static byte[][] shares(ShareQueue queue) {
        long[] cut = queue.cut().get();
        byte[][] shares = new byte[cut.length][];
        for (int i = 0; i < cut.length; i++) {
            shares[i] = ascii(cut[i]);
        }
        return shares;
    }

    /** The shares of a reply. An invalid reply reads as zeros, which the caller takes for a damaged queue. */
    static long[] parsed(byte[] reply, int n) {
        long[] shares = new long[n];
        int i = 0;
        for (byte b : reply) {
            if (b == ' ') {
                i++;
            }
            boolean isDigit = b >= '0' && b <= '9' && i < n && shares[i] <= MAX_CENTS / 10;
            if (isDigit) {
                shares[i] = shares[i] * 10 + (b - '0');
            } else if (b != ' ') {
                return new long[n];
            }
        }
        return i == n - 1 ? shares : new long[n];
    }

    private static long expiresAtMillis(ShareQueue queue) {
        return Math.max(queue.expiresAtMillis(), System.currentTimeMillis() + LIFETIME_AT_LEAST.toMillis());
    }

    /** Because of the braces, Redis Cluster keeps all keys of a packet on one node. */
    private static byte[] key(String packetId, String part) {
        return ("redpacket:{" + packetId + "}:" + part).getBytes(US_ASCII);
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }
}
