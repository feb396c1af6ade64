package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that every packet's seed comes from: {@code seed = HMAC-SHA256(secret, packetId)}.
 *
 * <p>Whoever knows it knows every share before it is handed out. Two things are left to its owner:
 *
 * <ul>
 *   <li>Published commitments and revealed seeds let anyone test guesses offline, so it must be long and random: 32 random
 *       bytes, say, written in hex.
 *   <li>A seed depends on the packet id alone, and is public once the packet is closed, so a packet id must not come back
 *       after it was purged.
 * </ul>
 */
public final class SeedSecret {
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    private SeedSecret(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * The secret with these characters, read as UTF-8.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public static SeedSecret of(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("the seed secret is blank; use 32 random bytes in hex, for example");
        }
        return new SeedSecret(new SecretKeySpec(secret.getBytes(UTF_8), HMAC));
    }

    /** The seed of the packet with this id; always the same one. */
    public Seed seedOf(String packetId) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Seed.of(mac.doFinal(packetId.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + HMAC, e);
        }
    }

    /** Says nothing about the secret: what is printed ends up in logs. */
    @Override
    public String toString() {
        return "SeedSecret[hidden]";
    }
}
