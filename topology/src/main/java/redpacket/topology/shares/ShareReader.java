package redpacket.topology.shares;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redpacket.clients.RedisConnection;

/**
 * Reads the shares of one packet in order, in blocks that are popped ahead of need, so that a grab rarely waits for
 * Redis. When a grab has waited, the following blocks are twice as long.
 *
 * <p>For one thread. This is a cache of the queue, not state: the owner may drop it at any time. It is kept small,
 * because many thousands of packets may be open at once.
 */
public final class ShareReader {
    /** Shares in a first block: few enough for memory, and enough to make calls to Redis rare. */
    static final int BLOCK = 256;

    /** Most shares in a block: 10 ms of a packet that awards 400,000 shares a second. */
    static final int LONGEST_BLOCK = 16 * BLOCK;

    /** An estimate: this object, the queue, and a request under way. */
    private static final int OWN_BYTES = 200;

    private static final long[] NO_BLOCK = {};
    private static final long FIRST_BACKOFF_MILLIS = 5;
    private static final long LONGEST_BACKOFF_MILLIS = 250;

    private final ShareQueues queues;
    private final ShareQueue queue;
    private final Patience patience;

    private long[] block = NO_BLOCK;
    private int blockStart;

    /** Shares in the next block to request. Half of them should last for the time that Redis needs to answer. */
    private int blockLength = BLOCK;

    /** The block after the current one; null if it is not requested. */
    private CompletableFuture<long[]> nextBlock;

    /**
     * Sends no request yet.
     *
     * @param cursor the first share to read
     * @param patience how long {@link #shareAt} may wait for Redis
     */
    public ShareReader(ShareQueues queues, ShareQueue queue, int cursor, Patience patience) {
        this.queues = queues;
        this.queue = queue;
        this.blockStart = cursor;
        this.patience = patience;
    }

    /**
     * Requests the next block unless it is requested or Redis is busy. Does not wait. If Redis is busy,
     * {@link #shareAt} requests the block when it is needed.
     *
     * @return false if Redis is busy, so that a later call makes sense
     */
    public boolean prefetch() {
        if (nextBlock != null || blockEnd() >= queue.shares()) {
            return true;
        }
        if (queues.areBusy()) {
            return false;
        }
        request();
        return true;
    }

    /**
     * The share at an index, in cents. The index must not decrease from call to call.
     *
     * @throws SharesUnavailableException if Redis does not deliver the share in time, or the thread is interrupted. The
     *     interrupt status stays set. The call may be repeated.
     */
    public long shareAt(int index) {
        if (index < blockStart || index >= queue.shares()) {
            throw new IndexOutOfBoundsException(
                    "Share " + index + " of " + queue.shares() + ", after share " + blockStart);
        }
        if (index >= blockEnd()) {
            await(index);
        }
        int position = index - blockStart;
        if (position >= block.length / 2) {
            prefetch();
        }
        return block[position];
    }

    /** An estimate of the bytes that this object and two blocks take, also while the next block is not requested. */
    public int weight() {
        return OWN_BYTES + Long.BYTES * (block.length + nextLength());
    }

    private void startAt(int index) {
        block = NO_BLOCK;
        blockStart = index;
        nextBlock = null;
    }

    private void await(int index) {
        if (index > blockEnd()) {
            startAt(index);
        }
        if (nextBlock == null) {
            request();
        }
        if (!nextBlock.isDone()) {
            queues.readerWaits();
            blockLength = Math.min(2 * blockLength, LONGEST_BLOCK);
        }
        long startNanos = queues.time().nanoTime();
        try {
            awaitUntil(startNanos + patience.leftNanos(), index);
        } finally {
            patience.spend(queues.time().nanoTime() - startNanos);
        }
    }

    private void awaitUntil(long deadlineNanos, int index) {
        long backoffMillis = FIRST_BACKOFF_MILLIS;
        while (true) {
            long leftNanos = queues.leftUntil(deadlineNanos);
            try {
                long[] next = queues.time().get(nextBlock, Math.min(leftNanos, ShareQueues.LOOK_AGAIN_NANOS));
                blockStart = blockEnd();
                block = next;
                nextBlock = null;
                return;
            } catch (ExecutionException e) {
                nextBlock = null;
                if (leftNanos == 0) {
                    throw unavailable(index, RedisConnection.reasonOf(e), e.getCause());
                }
                queues.time().park(Math.min(TimeUnit.MILLISECONDS.toNanos(backoffMillis), leftNanos));
                if (Thread.currentThread().isInterrupted()) {
                    throw unavailable(index, "interrupted", e);
                }
                backoffMillis = Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
                request();
            } catch (TimeoutException e) {
                if (leftNanos == 0) {
                    throw unavailable(index, "no answer", e); // The next call may still get this block.
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable(index, "interrupted", e);
            }
        }
    }

    private void request() {
        nextBlock = popNext().toCompletableFuture();
    }

    private CompletionStage<long[]> popNext() {
        int cursor = blockEnd();
        return queues.popBlock(queue, cursor, nextLength());
    }

    private int nextLength() {
        return Math.min(blockLength, queue.shares() - blockEnd());
    }

    private int blockEnd() {
        return blockStart + block.length;
    }

    private SharesUnavailableException unavailable(int index, String reason, Throwable cause) {
        return new SharesUnavailableException(
                "Redis did not deliver share " + index + " of packet " + queue.packetId() + " within the " + patience
                        + " that grabs may wait in a transaction: " + reason,
                cause);
    }
}
