package redpacket.topology.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a hash of 64 bits with a key of 128 bits. Without the key nobody can
 * predict a hash, or choose inputs that collide.
 *
 * <p>Own code, because it runs for every grab, and allocates nothing.
 *
 * <p>Not thread-safe.
 */
public final class SipHash {
    public static final int KEY_BYTES = 16;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long k0;
    private final long k1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /** The text at hand, and zeros up to the end of its last word. */
    private byte[] bytes = new byte[64];

    /**
     * @param key of {@link #KEY_BYTES} bytes
     * @throws IllegalArgumentException if the key has another length
     */
    public SipHash(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes, not " + key.length);
        }
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        k0 = words.getLong();
        k1 = words.getLong();
    }

    /** Of 16 bytes: two little-endian words. */
    public long of(long first, long second) {
        start();
        add(first);
        add(second);
        return finish(16L << 56);
    }

    /**
     * Of a text as Latin-1 bytes.
     *
     * @param text of characters up to U+00FF, such as an id; of others only the low byte counts
     */
    @SuppressWarnings("deprecation") // getBytes copies the low bytes as a block, which is what this needs.
    public long of(String text) {
        start();
        int length = text.length();
        if (length > bytes.length - 8) {
            bytes = new byte[2 * length + 8];
        }
        text.getBytes(0, length, bytes, 0);
        WORD.set(bytes, length, 0L);
        int at = 0;
        for (; at <= length - 8; at += 8) {
            add((long) WORD.get(bytes, at));
        }
        return finish(((long) length << 56) | (long) WORD.get(bytes, at));
    }

    private void start() {
        v0 = k0 ^ 0x736f6d6570736575L;
        v1 = k1 ^ 0x646f72616e646f6dL;
        v2 = k0 ^ 0x6c7967656e657261L;
        v3 = k1 ^ 0x7465646279746573L;
    }

    private void add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    /** @param last the bytes that fill no word, and in the highest byte how many bytes there were in all, modulo 256 */
    private long finish(long last) {
        add(last);
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
