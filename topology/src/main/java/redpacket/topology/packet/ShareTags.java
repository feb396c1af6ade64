package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tags of a packet's shares. A tag proves that a share is the one at its index in the cut, because only the owner
 * of the seed can compute it.
 *
 * <p>A tag is SipHash-2-4 over the index and the cents, as two little-endian words of 8 bytes. Its key is the first 16
 * bytes of {@code HMAC-SHA256(seed, "share tags\n" packetId "\n" split "\n" totalCents "\n" shares)}. The key depends
 * on the terms, so another packet with the same id has other tags. A guess is right with probability 2^-64.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class ShareTags {
    private static final String HMAC = "HmacSHA256";

    private final SipHash hash;

    private ShareTags(SipHash hash) {
        this.hash = hash;
    }

    /** Takes a microsecond or two. */
    public static ShareTags of(Packet packet) {
        String terms = String.join(
                "\n",
                "share tags",
                packet.packetId(),
                packet.split().name(),
                String.valueOf(packet.totalCents()),
                String.valueOf(packet.shares()));
        byte[] key = Arrays.copyOf(hmac(packet.seed(), terms), SipHash.KEY_BYTES);
        return new ShareTags(new SipHash(key));
    }

    /** The tag of a share: 64 bits, all of which count. */
    public long tagOf(int index, long cents) {
        return hash.of(index, cents);
    }

    private static byte[] hmac(Seed seed, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(seed.bytes(), HMAC));
            return mac.doFinal(text.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + HMAC, e);
        }
    }
}
