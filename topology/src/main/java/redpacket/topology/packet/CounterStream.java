package redpacket.topology.packet;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Random numbers that only the owner of the seed can predict: {@code SHA-256(seed || i)} for {@code i = 0, 1, 2, ...},
 * where {@code i} has 8 big-endian bytes, and each digest is read as four big-endian longs.
 *
 * <p>{@link java.util.Random} will not do: its 48 bits of state can be computed from a few awarded shares, and then all
 * other shares of the packet are known. SHA-256 is available in every language, so anyone can repeat the numbers.
 */
final class CounterStream {
    private final MessageDigest sha256 = Seed.sha256();
    private final ByteBuffer input = ByteBuffer.allocate(Seed.BYTES + Long.BYTES);
    private final ByteBuffer block = ByteBuffer.allocate(sha256.getDigestLength());
    private long counter;

    CounterStream(Seed seed) {
        input.put(0, seed.bytes());
        block.position(block.limit());
    }

    /** The next 64 bits. */
    long nextLong() {
        if (!block.hasRemaining()) {
            nextBlock();
        }
        return block.getLong();
    }

    /**
     * The next number from 0 to {@code bound - 1}, each equally likely.
     *
     * <p>A value of 63 bits at or above the largest multiple of {@code bound} is drawn again, because a plain remainder
     * would favour small numbers. This takes at least one draw, even if {@code bound} is 1.
     *
     * @param bound at least 1
     */
    long nextBelow(long bound) {
        // The last value that is not drawn again. The first one that is may be 2^63, which does not fit into a long.
        long lastFair = Long.MAX_VALUE - (Long.MAX_VALUE % bound + 1) % bound;
        long bits = nextLong() >>> 1;
        while (bits > lastFair) {
            bits = nextLong() >>> 1;
        }
        return bits % bound;
    }

    private void nextBlock() {
        input.putLong(Seed.BYTES, counter++);
        sha256.update(input.array());
        try {
            sha256.digest(block.array(), 0, block.capacity());
        } catch (DigestException e) {
            throw new AssertionError("the block has room for a whole digest", e);
        }
        block.rewind();
    }
}
