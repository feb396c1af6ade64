package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.crypto.spec.SecretKeySpec;

/**
 * The secret from which the seed of every packet is derived: {@code seed = HMAC-SHA256(secret, packetId)}.
 *
 * <p>A person who knows the secret knows every share before it is awarded. Its owner has two duties:
 *
 * <ul>
 *   <li>Use a long random secret, such as 32 random bytes in hex. Published commitments and seeds let anyone test
 *       guesses offline.
 *   <li>Never use a packet id again after the packet was forgotten. The seed depends on the packet id alone, and it is
 *       public once the packet has closed.
 * </ul>
 */
public final class SeedSecret {
    private final SecretKeySpec key;

    private SeedSecret(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * The secret with these characters in UTF-8.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public static SeedSecret of(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("The seed secret is blank. Use, for example, 32 random bytes in hex.");
        }
        return new SeedSecret(new SecretKeySpec(secret.getBytes(UTF_8), Seed.HMAC));
    }

    /** The seed of the packet with this id, always the same. */
    public Seed seedOf(String packetId) {
        return Seed.of(Seed.hmac(key, packetId.getBytes(UTF_8)));
    }

    /** Without the secret, because text like this ends up in logs. */
    @Override
    public String toString() {
        return "SeedSecret[hidden]";
    }
}
