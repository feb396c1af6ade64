package redpacket.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys that verify JWTs. A key is used only with an algorithm of its own type, so nobody can sign with the text of a
 * public key as an HMAC secret.
 */
public final class JwtKeys {
    /** Shorter RSA keys are considered broken (RFC 7518, section 3.3). */
    private static final int LEAST_RSA_BITS = 2_048;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private final List<JWK> keys;

    private JwtKeys(List<JWK> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads public keys: a JSON Web Key Set, or one or more PEM blocks {@code PUBLIC KEY}.
     *
     * @throws IllegalArgumentException if the text is neither, or has a key that is secret, weak or of an unknown type
     */
    public static JwtKeys parsePublic(String text) {
        List<JWK> keys = text.strip().startsWith("{") ? fromSet(text) : fromPem(text);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("has no key; give a JSON Web Key Set, or a PEM block " + PUBLIC_KEY);
        }
        keys.forEach(JwtKeys::requirePublic);
        return new JwtKeys(keys);
    }

    /** The UTF-8 bytes of a text, for HMAC. */
    public static JwtKeys secret(String text) {
        return new JwtKeys(List.of(new OctetSequenceKey.Builder(text.getBytes(StandardCharsets.UTF_8)).build()));
    }

    JwtKeys and(JwtKeys more) {
        List<JWK> all = new ArrayList<>(keys);
        all.addAll(more.keys);
        return new JwtKeys(all);
    }

    /**
     * Checks that keys and algorithms belong together, so that a forgotten one is noticed at the start.
     *
     * @throws IllegalArgumentException if an algorithm has no key, a key no algorithm, or a secret is too short
     */
    void requireToMatch(List<JWSAlgorithm> algorithms) {
        for (JWSAlgorithm algorithm : algorithms) {
            if (keys.stream().noneMatch(key -> isFor(algorithm, key))) {
                throw new IllegalArgumentException("no key is for the algorithm " + algorithm);
            }
            keys.stream().filter(key -> isFor(algorithm, key)).forEach(key -> requireLength(algorithm, key));
        }
        for (JWK key : keys) {
            if (algorithms.stream().noneMatch(algorithm -> isFor(algorithm, key))) {
                throw new IllegalArgumentException(
                        "the key " + name(key) + " is for none of the algorithms " + algorithms);
            }
        }
    }

    /** The keys that can have made a signature. The caller has checked that the algorithm is allowed. */
    List<Key> candidates(JWSHeader header) {
        List<Key> candidates = new ArrayList<>();
        for (JWK key : keys) {
            boolean hasName = header.getKeyID() == null
                    || key.getKeyID() == null
                    || key.getKeyID().equals(header.getKeyID());
            if (hasName && isFor(header.getAlgorithm(), key)) {
                candidates.add(toKey(key));
            }
        }
        return candidates;
    }

    private static boolean isFor(JWSAlgorithm algorithm, JWK key) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().equals(algorithm)) {
            return false;
        }
        return key instanceof ECKey ec
                ? Curve.forJWSAlgorithm(algorithm) != null
                        && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve())
                : key.getKeyType().equals(KeyType.forAlgorithm(algorithm));
    }

    private static void requireLength(JWSAlgorithm algorithm, JWK key) {
        // As long as the hash (RFC 7518, section 3.2).
        int leastBits = Integer.parseInt(algorithm.getName().substring(2));
        if (key instanceof OctetSequenceKey && key.size() < leastBits) {
            throw new IllegalArgumentException("the secret has %d bytes; %s requires at least %d"
                    .formatted(key.size() / Byte.SIZE, algorithm, leastBits / Byte.SIZE));
        }
    }

    private static List<JWK> fromSet(String json) {
        try {
            // Keys for encryption are of no use here.
            return JWKSet.parse(json).getKeys().stream()
                    .filter(key -> !KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                    .toList();
        } catch (ParseException e) {
            throw new IllegalArgumentException("is not a JSON Web Key Set: " + e.getMessage(), e);
        }
    }

    private static List<JWK> fromPem(String text) {
        List<JWK> keys = new ArrayList<>();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            if (!blocks.group(1).equals(PUBLIC_KEY)) {
                throw new IllegalArgumentException(
                        "has a PEM block " + blocks.group(1) + "; give only blocks " + PUBLIC_KEY);
            }
            keys.add(publicKey(blocks.group(2)));
        }
        return keys;
    }

    private static JWK publicKey(String base64) {
        X509EncodedKeySpec encoded;
        try {
            encoded = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a PEM block that is not Base64", e);
        }
        try {
            return new RSAKey.Builder(
                            (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded))
                    .build();
        } catch (GeneralSecurityException noRsa) {
            try {
                ECPublicKey key = (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded);
                return new ECKey.Builder(Curve.forECParameterSpec(key.getParams()), key).build();
            } catch (GeneralSecurityException e) {
                e.addSuppressed(noRsa);
                throw new IllegalArgumentException("has a PEM block that is no key for RSA or ECDSA", e);
            }
        }
    }

    private static void requirePublic(JWK key) {
        if (key.isPrivate()) {
            throw new IllegalArgumentException(
                    "contains the secret of the key " + name(key) + "; give only public keys");
        }
        if (!(key instanceof RSAKey) && !(key instanceof ECKey)) {
            throw new IllegalArgumentException(
                    "has the key " + name(key) + " of the type " + key.getKeyType() + "; types are RSA and EC");
        }
        if (key instanceof RSAKey && key.size() < LEAST_RSA_BITS) {
            throw new IllegalArgumentException("has the RSA key %s of %d bits; at least %d are required"
                    .formatted(name(key), key.size(), LEAST_RSA_BITS));
        }
    }

    private static String name(JWK key) {
        return key.getKeyID() == null ? "without a name" : key.getKeyID();
    }

    private static Key toKey(JWK key) {
        try {
            if (key instanceof RSAKey rsa) {
                return rsa.toRSAPublicKey();
            }
            return key instanceof ECKey ec
                    ? ec.toECPublicKey()
                    : key.toOctetSequenceKey().toSecretKey("HmacSHA256");
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that was checked at the start is invalid", e);
        }
    }
}
