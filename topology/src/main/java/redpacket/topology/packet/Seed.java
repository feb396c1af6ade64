package redpacket.topology.packet;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 32 bytes that fix every share of a packet. They are secret while the packet is open, and published when it
 * closes.
 *
 * <p>The {@link #commitment()} is published when the packet opens, so anyone can check later that the seed was not
 * changed.
 */
public final class Seed {
    public static final int BYTES = 32;

    static final String HMAC = "HmacSHA256";

    private final byte[] bytes;

    private Seed(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The seed of exactly these bytes.
     *
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public static Seed of(byte[] bytes32) {
        if (bytes32.length != BYTES) {
            throw new IllegalArgumentException("A seed has " + BYTES + " bytes, not " + bytes32.length);
        }
        return new Seed(bytes32.clone());
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The seed in lower-case hex, as closing events publish it. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** HMAC-SHA256 of some bytes, with this seed as its key. */
    byte[] hmac(byte[] text) {
        return hmac(new SecretKeySpec(bytes, HMAC), text);
    }

    static byte[] hmac(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("Every Java platform has " + HMAC, e);
        }
    }

    /** SHA-256 of the 32 bytes in lower-case hex. It proves the seed later without revealing it now. */
    public String commitment() {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
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

    /** Without the seed, because text like this ends up in logs. */
    @Override
    public String toString() {
        return "Seed[commitment=" + commitment() + "]";
    }
}
