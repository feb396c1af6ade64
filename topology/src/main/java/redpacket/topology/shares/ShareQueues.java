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
 * The share queues of all packets in Redis, popped by cursor and loaded whenever they are not whole.
 *
 * <p>Each call is one attempt: where Redis fails, the stage fails, and nothing is lost. A queue is the two lists
 * {@code popped} and {@code shares}, and is <em>whole</em> when together they have as many elements as the packet has shares.
 * The invariant, whichever commands ran, however often and however late: <b>a whole queue, popped followed by shares, is the
 * cut</b>. For each command runs alone on one server, and
 *
 * <ul>
 *   <li><b>pop</b> moves from the head of shares to the tail of popped, which keeps the invariant, and returns what popped has
 *       from a given position on, which the invariant makes the cut's shares of that position. A late pop has at most moved
 *       more than anyone needed yet. With shares given, it first fills a queue that is not whole with the cut.
 *   <li><b>append</b> adds to a list whose name no other load ever uses, only at the position it is meant for, so
 *       that list is at all times a prefix of the cut. Appended too late, it starts a list that nobody publishes and that
 *       Redis forgets after {@link #LOADING_LIFETIME}.
 *   <li><b>publish</b> puts that list in the place of both lists if it is the whole cut, and takes its name away, so
 *       that a repeat finds nothing to publish. A late publish takes back pops: the next pop moves them again.
 *   <li><b>remove</b>, eviction, expiry and a flush leave a queue that is not whole, or none. Late, it costs a load.
 *   <li>A failover brings back an earlier state of both lists, hence one for which all this held too.
 * </ul>
 *
 * <p>What writes to the keys besides may break the invariant. Such a queue is damaged: the caller notices shares that cannot be
 * right (what is not a number reads as 0 cents) and asks to {@link #reload}.
 */
public final class ShareQueues implements AutoCloseable {
    /** Shares moved or appended by one command: a few milliseconds, during which Redis serves nobody else. */
    static final int STEP = 10_000;

    /** A queue of so few is cut by the caller and sent with the first pop: one call, and no wait behind big loads. */
    static final int SMALL = 1_000;

    /** For a load that was given up halfway; renewed with every chunk. */
    static final Duration LOADING_LIFETIME = Duration.ofMinutes(1);

    /**
     * Calls under way from which on nobody should ask ahead of need: Redis answers in order, and a call that has to
     * wait for a command timeout behind others would be made again, which is still more to do.
     */
    private static final int BUSY = 4_000;

    /** Kept at least so long from a load or first pop on, as the log may be read long after it was written. */
    static final Duration LIFETIME_AT_LEAST = Duration.ofMinutes(10);

    private static final Duration AWAIT_PAUSE = Duration.ofMillis(200);

    /** Stands for all starting tasks where else a packet waits; no packet id has a blank. */
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

    /** Big queues are cut and loaded here, off the stream threads and Netty's; two at once bound the memory of cuts. */
    private final ExecutorService loaders = Executors.newFixedThreadPool(2, work -> {
        Thread thread = new Thread(work, "share-queue-loader");
        thread.setDaemon(true);
        return thread;
    });

    public ShareQueues(RedisConnection redis) {
        this.redis = redis;
    }

    /**
     * The shares from the cursor on, in cents; loads the queue if it is not whole. Popped again, they are the same.
     *
     * @param n at least one; no more than there are from the cursor on
     */
    public CompletionStage<long[]> pop(ShareQueue queue, int cursor, int n) {
        if (cursor < 0 || n < 1 || n > queue.shares() - cursor) {
            throw new IllegalArgumentException(cursor + " + " + n + " of " + queue.shares() + " shares");
        }
        // At the start the queue is most likely not there.
        boolean withShares = cursor == 0 && isSmall(queue);
        return attempt(queue.packetId(), () -> popWhole(queue, cursor, n, withShares ? shares(queue) : NO_SHARES)
                .thenCompose(popped ->
                        popped == null ? loadAndPop(queue, cursor, n) : CompletableFuture.completedFuture(popped))
                .thenApply(popped -> parsed(popped, n)));
    }

    /** Loads the queue anew, whatever is there. */
    public CompletionStage<Void> reload(ShareQueue queue) {
        return attempt(queue.packetId(), () -> remove(queue.packetId()).thenCompose(gone -> load(queue)));
    }

    /** Frees what Redis holds of a packet that nobody needs any more. */
    public CompletionStage<Void> remove(String packetId) {
        byte[][] keys = {key(packetId, "shares"), key(packetId, "popped")};
        return call(commands -> commands.unlink(keys)).thenAccept(count -> {});
    }

    /**
     * Returns once Redis takes writes: for whoever has nothing to do before that. One that is full or a replica answers, but
     * loads nothing. Of a cluster, one node speaks for all.
     *
     * @throws SharesUnavailableException if it does not within the time, or the thread is interrupted, which it then still is
     */
    public void awaitRedis(Duration atMost) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        for (String refusal = refusal(); refusal != null; refusal = refusal()) {
            if (Thread.currentThread().isInterrupted() || System.nanoTime() > deadlineNanos) {
                throw new SharesUnavailableException(
                        "Redis did not take writes for " + atMost.toSeconds() + " s: " + refusal, null);
            }
            LockSupport.parkNanos(AWAIT_PAUSE.toNanos());
        }
    }

    /** Why Redis does not take a write now; null if it does. */
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

    /** Completes when Redis answers, or exceptionally. */
    public CompletionStage<Void> ping() {
        return redis.ping();
    }

    /** Calls to Redis so far. */
    public long calls() {
        return calls.sum();
    }

    /** Queues loaded so far that were not there or not whole, except small ones at their first pop. */
    public long loads() {
        return loads.sum();
    }

    /** Of these, queues that had been popped from already: Redis had lost them. */
    public long rebuilt() {
        return rebuilds.count();
    }

    /** Blocks that readers asked for so far. */
    public long blocks() {
        return blocks.sum();
    }

    /** How often so far a reader had to wait for a block. */
    public long waits() {
        return waits.sum();
    }

    /** Leaves the connection open, and the queues in Redis. */
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
                throw new RedisException("The queue of " + queue.packetId() + " does not stay whole");
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

    /** Loads the queue, or joins the load under way; so a load goes on although its reader's patience ends. */
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
        LOG.debug("Loading {} shares of {}", cut.length, packetId);
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
                throw new RedisException("The queue of " + packetId + " was lost while it was loaded");
            }
        }
        byte[][] keys = {loadingKey, key(packetId, "shares"), key(packetId, "popped")};
        byte[][] arguments = {ascii(cut.length), ascii(expiresAtMillis(queue))};
        // Whether it is whole now, the next pop finds out.
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

    /** The shares of a reply; what cannot be shares reads as zeros, which the caller takes for a damaged queue. */
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

    /** The braces make Redis Cluster keep all keys of a packet on one node. */
    private static byte[] key(String packetId, String part) {
        return ("redpacket:{" + packetId + "}:" + part).getBytes(US_ASCII);
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }
}
