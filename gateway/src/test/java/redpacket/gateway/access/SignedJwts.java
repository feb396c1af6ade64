package redpacket.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;

/** Issues JWTs. */
public final class SignedJwts {
    public static final String SECRET = "a-secret-of-more-than-thirty-two-bytes";

    static final RSAKey RSA = rsa(2_048);
    public static final ECKey EC = ec();

    private SignedJwts() {}

    static RSAKey rsa(int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID("rsa-" + bits).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey ec() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Valid for a minute. */
    public static JWTClaimsSet.Builder claims(String user, Instant now, String... roles) {
        return new JWTClaimsSet.Builder()
                .subject(user)
                .expirationTime(Date.from(now.plusSeconds(60)))
                .claim("roles", List.of(roles));
    }

    public static String withEc(JWTClaimsSet.Builder claims) throws JOSEException {
        return sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec").build(), claims, new ECDSASigner(EC));
    }

    static String withRsa(JWTClaimsSet.Builder claims) throws JOSEException {
        return sign(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), claims, new RSASSASigner(RSA));
    }

    static String withSecret(String secret, JWTClaimsSet.Builder claims) throws JOSEException {
        return sign(new JWSHeader.Builder(JWSAlgorithm.HS256).build(), claims, new MACSigner(secret));
    }

    static String sign(JWSHeader header, JWTClaimsSet.Builder claims, JWSSigner signer) throws JOSEException {
        SignedJWT jwt = new SignedJWT(header, claims.build());
        jwt.sign(signer);
        return jwt.serialize();
    }

    static String pem(RSAPublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    static String pem(String kind, byte[] encoded) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(kind, Base64.getMimeEncoder().encodeToString(encoded), kind);
    }
}
