package redpacket.gateway.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as the specification Standard Webhooks says: HMAC-SHA256 over id, time and body, once with each
 * secret. With two secrets, a receiver can change from one to the other.
 */
final class WebhookSecrets {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";

    /** In bytes, as the specification says. */
    private static final int SHORTEST = 24;

    private static final int LONGEST = 64;

    private final List<SecretKeySpec> keys;

    private WebhookSecrets(List<SecretKeySpec> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads one secret a line: {@code whsec_} and 24 to 64 bytes in Base64. Empty lines mean nothing.
     *
     * @throws IllegalArgumentException with the number of a wrong line, and without its secret
     */
    static WebhookSecrets parse(String text) {
        List<SecretKeySpec> keys = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank()) {
                keys.add(new SecretKeySpec(parse(line.strip(), number), ALGORITHM));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no secret");
        }
        return new WebhookSecrets(keys);
    }

    private static byte[] parse(String line, int number) {
        byte[] secret = {};
        if (line.startsWith(PREFIX)) {
            try {
                secret = Base64.getDecoder().decode(line.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                // Said below, without the secret.
            }
        }
        if (secret.length < SHORTEST || secret.length > LONGEST) {
            throw new IllegalArgumentException(
                    "line %d is not %s and %d to %d bytes in Base64".formatted(number, PREFIX, SHORTEST, LONGEST));
        }
        return secret;
    }

    /** The value of the header {@code webhook-signature}. */
    String sign(String id, long timestampSeconds, byte[] body) {
        byte[] head = (id + "." + timestampSeconds + ".").getBytes(UTF_8);
        return keys.stream().map(key -> "v1," + hmac(key, head, body)).collect(joining(" "));
    }

    private static String hmac(SecretKeySpec key, byte[] head, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(head);
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }
}
