package redpacket.topology.shares;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import redpacket.clients.RedisConnection;

/**
 * Reads one packet's shares in order, in blocks that are popped ahead of need, so that hardly ever a grab waits for Redis.
 *
 * <p>Where a grab had to wait all the same, the blocks that follow are twice as long, until none has to wait.
 *
 * <p>For one thread. It is a cache of the queue and never state: throw it away at any time. At rest it is two small objects
 * and the block, as many thousands of packets may be open at once.
 */
public final class ShareReader {
    /** Shares per block at first: few enough for memory, many enough that calls to Redis vanish beside grabs. */
    static final int BLOCK = 256;

    /** No block is longer, however long the way to Redis: 5 ms of a packet that hands out 400,000 shares a second. */
    static final int LONGEST_BLOCK = 16 * BLOCK;

    private static final long[] NO_BLOCK = {};
    private static final long FIRST_BACKOFF_MILLIS = 5;
    private static final long LONGEST_BACKOFF_MILLIS = 250;

    private final ShareQueues queues;
    private final ShareQueue queue;
    private final Duration patience;

    private long[] block = NO_BLOCK;
    private int blockStart;
    /** Of the next block to be asked for. Half of it has to last for as long as Redis takes to answer. */
    private int blockLength = BLOCK;
    /** Starts where the block ends; null when none is asked for. */
    private CompletableFuture<long[]> nextBlock;

    /**
     * Asks Redis for nothing yet.
     *
     * @param cursor the first share to be read
     * @param patience how long {@link #shareAt} may wait while Redis does not answer
     */
    public ShareReader(ShareQueues queues, ShareQueue queue, int cursor, Duration patience) {
        this.queues = queues;
        this.queue = queue;
        this.blockStart = cursor;
        this.patience = patience;
    }

    /**
     * Asks for the next block, if there is one, nobody has asked yet, and Redis is not busy; does not wait. Where Redis is
     * busy, {@link #shareAt} asks when it must.
     *
     * @return false if Redis is busy, so that asking again later may make sense
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
     * The share at an index that is never before the last one asked for, in cents.
     *
     * @throws SharesUnavailableException if Redis did not give it within the patience, or the thread is interrupted, which it
     *     then still is; the same call may be made again
     */
    public long shareAt(int index) {
        if (index < blockStart || index >= queue.shares()) {
            throw new IndexOutOfBoundsException(index + " of " + queue.shares() + " shares, from " + blockStart);
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

    /** Has the queue, which is damaged, loaded anew, and reads on from the cursor; does not wait. */
    public void reload(int cursor) {
        startAt(cursor);
        nextBlock = queues.reload(queue).thenCompose(loaded -> popNext()).toCompletableFuture();
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
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        long backoffMillis = FIRST_BACKOFF_MILLIS;
        while (true) {
            long leftNanos = deadlineNanos - System.nanoTime();
            try {
                long[] next = nextBlock.get(Math.max(leftNanos, 0), TimeUnit.NANOSECONDS);
                blockStart = blockEnd();
                block = next;
                nextBlock = null;
                return;
            } catch (ExecutionException e) {
                nextBlock = null;
                if (leftNanos <= 0) {
                    throw unavailable(index, RedisConnection.reasonOf(e), e.getCause());
                }
                pause(Math.min(backoffMillis, TimeUnit.NANOSECONDS.toMillis(leftNanos) + 1), index);
                backoffMillis = Math.min(2 * backoffMillis, LONGEST_BACKOFF_MILLIS);
                request();
            } catch (TimeoutException e) {
                throw unavailable(index, "no answer", e); // the block may still come, for the next call
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
        return queues.popBlock(queue, cursor, Math.min(blockLength, queue.shares() - cursor));
    }

    private int blockEnd() {
        return blockStart + block.length;
    }

    private void pause(long millis, int index) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(index, "interrupted", e);
        }
    }

    private SharesUnavailableException unavailable(int index, String reason, Throwable cause) {
        return new SharesUnavailableException(
                "Share " + index + " of " + queue.packetId() + " did not come within " + patience + ": " + reason,
                cause);
    }
}
