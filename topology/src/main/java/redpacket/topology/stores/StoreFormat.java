package redpacket.topology.stores;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The version of the values in a store, or in a part of a store. Every value starts with its version, so that a later
 * release can read what an earlier one wrote.
 */
public final class StoreFormat {
    private final String store;
    private final byte version;

    /**
     * @param store for messages
     */
    public StoreFormat(String store, int version) {
        this.store = store;
        this.version = (byte) version;
    }

    /**
     * A value: the version, then the content.
     *
     * @param mostBytes of the content
     * @param content puts the content into the buffer that it is given
     */
    public byte[] value(int mostBytes, Consumer<ByteBuffer> content) {
        byte[] value = new byte[1 + mostBytes];
        ByteBuffer out = ByteBuffer.wrap(value).put(version);
        content.accept(out);
        return out.hasRemaining() ? Arrays.copyOf(value, out.position()) : value;
    }

    /** Whether a value has this version. For formats of which two versions are read. */
    public boolean isVersionOf(byte[] value) {
        return value[0] == version;
    }

    /**
     * The content of a value, after its version.
     *
     * @throws IllegalStateException if a newer release wrote the value
     */
    public ByteBuffer contentOf(byte[] value) {
        ByteBuffer content = ByteBuffer.wrap(value);
        byte found = content.get();
        if (found != version) {
            throw new IllegalStateException("The store " + store + " holds format " + found
                    + ", but this release reads format " + version + ". A newer release wrote it: run that release.");
        }
        return content;
    }
}
