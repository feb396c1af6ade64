package redpacket.topology.shares;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.topology.packet.ShareTags;

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
 * <p>Other writers to these keys may break the invariant, so Redis is not believed. Each share carries a tag (see
 * {@link ShareTags}), which is checked on arrival. If a tag is wrong, the queue is damaged and is loaded again. If
 * Redis then still returns other shares, or repeatedly does not keep the queue, the packet's shares are cut here from
 * then on. So a pop never returns a share that is not the cut's, and it fails only while Redis does not serve.
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

    /** The same limit for shares that are on their way to Redis: each takes some 100 bytes of this process. */
    private static final int BUSY_SHARES = 200_000;

    /** Shortest time to live from a load or a first pop on, because the log may be read long after it was written. */
    static final Duration LIFETIME_AT_LEAST = Duration.ofMinutes(10);

    private static final Duration AWAIT_PAUSE = Duration.ofMillis(200);

    /** Enough for a Redis that answers: the thread can then finish its grabs and commit. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(1);

    /** A waiting thread notices within this time that the topology stops. */
    static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The name of all starting tasks in {@link Outage}, which otherwise gets packet ids. No packet id contains a blank.
     */
    private static final String STARTING = "a starting task";

    private static final String NO_ANSWER = "no answer";

    private static final byte[] PROBE = "redpacket:probe".getBytes(US_ASCII);

    private static final Logger LOG = LoggerFactory.getLogger(ShareQueues.class);
    private static final Script POP = Script.beside(ShareQueues.class, "pop.lua");
    private static final Script APPEND = Script.beside(ShareQueues.class, "append.lua");
    private static final Script PUBLISH = Script.beside(ShareQueues.class, "publish.lua");
    private static final byte[][] NO_SHARES = {};
    private static final int POP_ARGUMENTS = 7;

    private final Supplier<RedisClusterAsyncCommands<byte[], byte[]>> redis;
    private final Supplier<Optional<String>> trouble;
    private final Time time;
    private final Outage outage = new Outage();
    private final LongAdder calls = new LongAdder();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger sharesUnderWay = new AtomicInteger();
    private final LongAdder loads = new LongAdder();
    private final LongAdder blocks = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final Incidents lost = new Incidents(
            Level.INFO, "Redis has lost shares of packet {}: loading its queue again. So far this happened {} times");
    private final Incidents damaged = new Incidents(
            Level.WARN,
            "Redis returned other shares of packet {} than its seed gives: loading its queue again. Find who else"
                    + " writes to the keys redpacket:*. So far this happened {} times");
    private final Incidents distrusted = new Incidents(
            Level.WARN,
            "Redis does not keep the shares of packet {}: they are handed out from memory. Check maxmemory-policy, and"
                    + " who else writes to the keys redpacket:*. So far this happened {} times");
    private final Distrust distrust = new Distrust();
    private volatile long stopNanos;
    private volatile boolean stopping;
    private final ConcurrentMap<String, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();

    /** Cut and load big queues, outside of the stream threads and those of Netty. */
    private final ExecutorService loaders;

    public ShareQueues(RedisConnection redis) {
        this(
                redis::commands,
                redis::trouble,
                Time.SYSTEM,
                // Two at once, to bound the memory of cuts.
                Executors.newFixedThreadPool(2, work -> {
                    Thread thread = new Thread(work, "share-queue-loader");
                    thread.setDaemon(true);
                    return thread;
                }));
    }

    /**
     * Queues in something that behaves like Redis.
     *
     * @param redis its commands; may throw while it cannot be reached
     * @param trouble why it takes no writes
     * @param loaders cut and load big queues, and wait for Redis meanwhile; closed with this
     */
    public ShareQueues(
            Supplier<RedisClusterAsyncCommands<byte[], byte[]>> redis,
            Supplier<Optional<String>> trouble,
            Time time,
            ExecutorService loaders) {
        this.redis = redis;
        this.trouble = trouble;
        this.time = time;
        this.loaders = loaders;
    }

    Time time() {
        return time;
    }

    /**
     * Returns the shares from the cursor on, in cents, and never others than those of the cut. Loads the queue if it is
     * not whole or damaged. A repeated pop returns the same shares.
     *
     * @param n at least 1, at most the number of shares from the cursor on
     */
    public CompletionStage<long[]> pop(ShareQueue queue, int cursor, int n) {
        if (cursor < 0 || n < 1 || n > queue.shares() - cursor) {
            throw new IllegalArgumentException("Cannot pop " + n + " shares from cursor " + cursor + " of a queue of "
                    + queue.shares() + " shares");
        }
        return distrust.includes(queue)
                ? popFromMemory(queue, cursor, n)
                : attempt(queue.packetId(), () -> popFromRedis(queue, cursor, n));
    }

    /** Loads the queue again, whether it is whole or not. */
    public CompletionStage<Void> reload(ShareQueue queue) {
        return attempt(queue.packetId(), () -> remove(queue).thenCompose(gone -> load(queue)));
    }

    /** Deletes the queue of a packet that is not needed any more. */
    public CompletionStage<Void> remove(ShareQueue queue) {
        byte[][] keys = {queue.key("shares"), queue.key("popped")};
        return call(commands -> commands.unlink(keys)).thenAccept(count -> {});
    }

    /** Why Redis takes no writes, as far as its connection knows; empty if it does. Does not wait. */
    public Optional<String> trouble() {
        return trouble.get();
    }

    /**
     * Waits until Redis accepts writes. A full Redis and a replica answer reads, but they cannot load a queue. In a
     * cluster this asks one node.
     *
     * @throws SharesUnavailableException if Redis accepts none within the time, or the thread is interrupted. The
     *     interrupt status stays set.
     */
    public void awaitRedis(Duration atMost) {
        long deadlineNanos = time.nanoTime() + atMost.toNanos();
        String reason = NO_ANSWER;
        for (String refusal = refusal(deadlineNanos); refusal != null; refusal = refusal(deadlineNanos)) {
            boolean isOver = leftUntil(deadlineNanos) == 0;
            // The last attempt may have had no time left; the refusal before it then says more.
            reason = isOver && refusal.equals(NO_ANSWER) ? reason : refusal;
            if (isOver || Thread.currentThread().isInterrupted()) {
                throw new SharesUnavailableException(
                        "Redis accepted no write for " + atMost.toSeconds() + " s: " + reason, null);
            }
            time.park(AWAIT_PAUSE.toNanos());
        }
    }

    /** Why Redis does not accept a write now; null if it does. */
    private String refusal(long deadlineNanos) {
        CompletableFuture<String> write = attempt(
                        STARTING,
                        () -> call(commands -> commands.set(PROBE, PROBE, SetArgs.Builder.px(LOADING_LIFETIME))))
                .toCompletableFuture();
        try {
            while (true) {
                long leftNanos = leftUntil(deadlineNanos);
                try {
                    time.get(write, Math.min(leftNanos, LOOK_AGAIN_NANOS));
                    return null;
                } catch (TimeoutException e) {
                    if (leftNanos == 0) {
                        return NO_ANSWER;
                    }
                }
            }
        } catch (ExecutionException e) {
            return RedisConnection.reasonOf(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** From now on, every wait for Redis ends within {@link #STOP_GRACE}, because the topology stops. */
    public void stopWaiting() {
        stopNanos = time.nanoTime() + STOP_GRACE.toNanos();
        stopping = true;
    }

    /** How long a wait may still take; not negative. */
    long leftUntil(long deadlineNanos) {
        long now = time.nanoTime();
        long leftNanos = deadlineNanos - now;
        return Math.max(0, stopping ? Math.min(leftNanos, stopNanos - now) : leftNanos);
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
        return lost.count();
    }

    /** How often so far Redis returned shares that are not the packet's. */
    public long damaged() {
        return damaged.count();
    }

    /** Packets so far whose shares Redis did not keep, so that they are handed out from memory. */
    public long distrusted() {
        return distrusted.count();
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
        return underWay.get() >= BUSY || sharesUnderWay.get() >= BUSY_SHARES;
    }

    void readerWaits() {
        waits.increment();
    }

    private CompletionStage<long[]> popFromRedis(ShareQueue queue, int cursor, int n) {
        // At cursor 0 the queue is most likely not loaded yet.
        byte[][] entries = cursor == 0 && isSmall(queue) ? entries(queue) : NO_SHARES;
        return popEntries(queue, cursor, n, entries, false).thenCompose(reply -> {
            if (reply == null) {
                if (cursor > 0) {
                    lost.happened(queue.packetId());
                }
                return loadAndPop(queue, cursor, n);
            }
            long[] shares = ShareEntries.verified(reply, cursor, n, queue.tags());
            if (shares == null) {
                damaged.happened(queue.packetId());
                // The load may need the memory that the damaged queue takes.
                return remove(queue).thenCompose(gone -> loadAndPop(queue, cursor, n));
            }
            return CompletableFuture.completedFuture(shares);
        });
    }

    private CompletionStage<long[]> loadAndPop(ShareQueue queue, int cursor, int n) {
        CompletionStage<byte[]> popped;
        if (isSmall(queue)) {
            loads.increment();
            popped = popEntries(queue, cursor, n, entries(queue), true);
        } else {
            popped = load(queue).thenCompose(loaded -> popEntries(queue, cursor, n, NO_SHARES, false));
        }
        return popped.thenCompose(reply -> {
            if (reply == null) {
                throw notKept(queue, "was not whole just after it was loaded");
            }
            long[] shares = ShareEntries.verified(reply, cursor, n, queue.tags());
            if (shares == null) {
                distrusted.happened(queue.packetId());
                distrust.add(queue);
                return popFromMemory(queue, cursor, n);
            }
            distrust.wasKept(queue);
            return CompletableFuture.completedFuture(shares);
        });
    }

    /** Cuts again for each block, because all shares of many packets would need too much memory. */
    private CompletionStage<long[]> popFromMemory(ShareQueue queue, int cursor, int n) {
        return CompletableFuture.supplyAsync(() -> Arrays.copyOfRange(queue.cut(), cursor, cursor + n), loaders);
    }

    /**
     * Null when the queue is not whole and no entries are given.
     *
     * @param entries of all shares, or none
     * @param anew to fill the queue with the entries even if it is whole
     */
    private CompletionStage<byte[]> popEntries(ShareQueue queue, int cursor, int n, byte[][] entries, boolean anew) {
        return popStep(queue, cursor, n, entries, anew).thenCompose(reply -> popMore(queue, cursor, n, reply, 0));
    }

    /** Pops until all shares up to those asked for are moved. More steps than that takes are not believed. */
    private CompletionStage<byte[]> popMore(ShareQueue queue, int cursor, int n, byte[] reply, int steps) {
        boolean isDone = reply == null || reply.length > 0 || steps > queue.shares() / STEP;
        return isDone
                ? CompletableFuture.completedFuture(reply)
                : popStep(queue, cursor, n, NO_SHARES, false)
                        .thenCompose(next -> popMore(queue, cursor, n, next, steps + 1));
    }

    private CompletionStage<byte[]> popStep(ShareQueue queue, int cursor, int n, byte[][] entries, boolean anew) {
        byte[][] keys = {queue.key("shares"), queue.key("popped")};
        List<byte[]> arguments = new ArrayList<>(POP_ARGUMENTS + entries.length);
        for (long number : new long[] {cursor, n, queue.shares(), STEP, millisToLive(queue), ShareEntries.LONGEST}) {
            arguments.add(ascii(number));
        }
        arguments.add(ascii(anew ? 1 : 0));
        arguments.addAll(Arrays.asList(entries));
        sharesUnderWay.addAndGet(entries.length);
        return call(commands -> POP.<byte[]>call(commands, ScriptOutputType.VALUE, keys, arguments.toArray(NO_SHARES)))
                .whenComplete((reply, failure) -> sharesUnderWay.addAndGet(-entries.length));
    }

    /** Loads the queue, or joins the load under way. So a load continues if its reader stops waiting. */
    private CompletionStage<Void> load(ShareQueue queue) {
        String name = queue.name();
        return loading.computeIfAbsent(
                name,
                unseen -> CompletableFuture.runAsync(
                        () -> {
                            try {
                                loadNow(queue);
                            } finally {
                                loading.remove(name);
                            }
                        },
                        loaders));
    }

    private void loadNow(ShareQueue queue) {
        loads.increment();
        long[] cut = queue.cut();
        ShareTags tags = queue.tags();
        LOG.debug("Loading {} shares of packet {}", cut.length, queue.packetId());
        byte[] loadingKey = queue.key("loading:" + UUID.randomUUID());
        for (int from = 0; from < cut.length; from += STEP) {
            int to = Math.min(from + STEP, cut.length);
            byte[][] arguments = new byte[2 + to - from][];
            arguments[0] = ascii(from);
            arguments[1] = ascii(LOADING_LIFETIME.toMillis());
            ShareEntries.write(cut, from, to, tags, arguments, 2);
            long length = time.join(call(commands ->
                            APPEND.<Long>call(commands, ScriptOutputType.INTEGER, new byte[][] {loadingKey}, arguments))
                    .toCompletableFuture());
            if (length != to) {
                throw notKept(queue, "was lost while it was loaded");
            }
        }
        byte[][] keys = {loadingKey, queue.key("shares"), queue.key("popped")};
        byte[][] arguments = {ascii(cut.length), ascii(millisToLive(queue))};
        // The next pop checks whether the queue is whole.
        time.join(call(commands -> PUBLISH.call(commands, ScriptOutputType.STATUS, keys, arguments))
                .toCompletableFuture());
    }

    private NotKeptException notKept(ShareQueue queue, String how) {
        if (distrust.wasNotKept(queue)) {
            distrusted.happened(queue.packetId());
        }
        return new NotKeptException("The queue of " + queue.packetId() + " " + how);
    }

    private <T> CompletionStage<T> call(
            Function<RedisClusterAsyncCommands<byte[], byte[]>, CompletionStage<T>> command) {
        calls.increment();
        underWay.incrementAndGet();
        CompletionStage<T> reply;
        try {
            reply = command.apply(redis.get());
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

    private static byte[][] entries(ShareQueue queue) {
        long[] cut = queue.cut();
        byte[][] entries = new byte[cut.length][];
        ShareEntries.write(cut, 0, cut.length, queue.tags(), entries, 0);
        return entries;
    }

    /** Relative to now, because the clock of Redis may be wrong by any amount. */
    private long millisToLive(ShareQueue queue) {
        return Math.max(queue.expiresAtMillis() - time.currentTimeMillis(), LIFETIME_AT_LEAST.toMillis());
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }
}
