package redpacket.topology.packet;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The 32 bytes that fix every share of a packet: secret while the packet is open, revealed when it closes.
 *
 * <p>Its {@link #commitment()} is published at opening, so that anyone can check afterwards that nobody changed the split.
 */
public final class Seed {
    static final int BYTES = 32;

    private final byte[] bytes;

    private Seed(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The seed of exactly these bytes.
     *
     * @throws IllegalArgumentException if they are not 32
     */
    public static Seed of(byte[] bytes32) {
        if (bytes32.length != BYTES) {
            throw new IllegalArgumentException("a seed has " + BYTES + " bytes, not " + bytes32.length);
        }
        return new Seed(bytes32.clone());
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The seed itself in lower-case hex, as closing events reveal it. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** SHA-256 of the seed's 32 bytes in lower-case hex: binds to the seed without telling it. */
    public String commitment() {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Seed that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Never shows the seed of an open packet: what is printed ends up in logs. */
    @Override
    public String toString() {
        return "Seed[commitment=" + commitment() + "]";
    }
}
