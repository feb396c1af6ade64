package redpacket.topology.packet;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;

/**
 * Random numbers that only the seed's owner can foretell: {@code SHA-256(seed || i)} for {@code i = 0, 1, 2, …}, where
 * {@code i} has 8 big-endian bytes, and each digest is read as four big-endian longs.
 *
 * <p>A hash rather than {@link java.util.Random}, whose 48 bits of state can be solved from a few shares that were handed
 * out; the rest of the packet would then be known. Simple enough to be written again in any language that wants to check.
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
     * <p>Of 63 bits, the values from the largest multiple of {@code bound} upwards are drawn again; a plain remainder would
     * favour small numbers. Takes at least one draw, also when {@code bound} is 1.
     *
     * @param bound at least 1
     */
    long nextBelow(long bound) {
        // 2^63 does not fit a long, so this is about the last good value rather than about the first bad one.
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
