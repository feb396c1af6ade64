package redpacket.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class JwtKeysTest {
    @Test
    void shouldFindTheKeyByItsTypeAndName() throws Exception {
        JwtKeys keys = JwtKeys.parsePublic(
                new JWKSet(List.of(SignedJwts.RSA.toPublicJWK(), SignedJwts.EC.toPublicJWK())).toString());

        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.RS256))).containsExactly(SignedJwts.RSA.toRSAPublicKey());
        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.ES256))).containsExactly(SignedJwts.EC.toECPublicKey());
        // The curve of this algorithm is another.
        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.ES384))).isEmpty();
        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.HS256))).isEmpty();
        assertThat(keys.candidates(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("other").build()))
                .isEmpty();
    }

    /** A PEM block has no name, so a JWT may name its key as it likes. */
    @Test
    void shouldReadSeveralKeysWhenTheFileIsPem() throws Exception {
        JwtKeys keys = JwtKeys.parsePublic(SignedJwts.pem(SignedJwts.RSA.toRSAPublicKey())
                + SignedJwts.pem("PUBLIC KEY", SignedJwts.EC.toECPublicKey().getEncoded()));

        assertThat(keys.candidates(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("any").build()))
                .containsExactly(SignedJwts.RSA.toRSAPublicKey());
        assertThat(keys.candidates(new JWSHeader(JWSAlgorithm.ES256))).containsExactly(SignedJwts.EC.toECPublicKey());
    }

    @Test
    void shouldSayWhatIsWrongAndNoSecretWhenAFileHasNoGoodKeys() throws Exception {
        assertWrong("", "has no key");
        assertWrong("{\"keys\":[]}", "has no key");
        assertWrong("{", "is not a JSON Web Key Set");
        assertWrong(new JWKSet(SignedJwts.RSA).toString(false), "contains the secret of the key rsa-2048");
        assertWrong(
                new JWKSet(SignedJwts.rsa(1_024).toPublicJWK()).toString(),
                "has the RSA key rsa-1024 of 1024 bits; at least 2048 are required");
        assertWrong(
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"c2VjcmV0\"}]}", "contains the secret of the key s");
        assertWrong(
                SignedJwts.pem("PRIVATE KEY", SignedJwts.RSA.toPrivateKey().getEncoded()),
                "has a PEM block PRIVATE KEY; give only blocks PUBLIC KEY");
        assertWrong(SignedJwts.pem("PUBLIC KEY", new byte[] {1, 2, 3}), "has a PEM block that is no key");
    }

    @Test
    void shouldRefuseKeysAndAlgorithmsThatDoNotBelongTogether() throws Exception {
        JwtKeys rsa = JwtKeys.parsePublic(SignedJwts.pem(SignedJwts.RSA.toRSAPublicKey()));
        rsa.requireToMatch(List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS512));
        JwtKeys secret = JwtKeys.secret(SignedJwts.SECRET);
        secret.requireToMatch(List.of(JWSAlgorithm.HS256));

        assertMismatch(rsa, JWSAlgorithm.ES256, "no key is for the algorithm ES256");
        assertMismatch(rsa, JWSAlgorithm.HS256, "no key is for the algorithm HS256");
        assertMismatch(rsa.and(secret), JWSAlgorithm.HS256, "the key without a name is for none of the algorithms");
        assertMismatch(secret, JWSAlgorithm.HS384, "the secret has 38 bytes; HS384 requires at least 48");
    }

    private static void assertMismatch(JwtKeys keys, JWSAlgorithm algorithm, String message) {
        assertThatThrownBy(() -> keys.requireToMatch(List.of(algorithm)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    private static void assertWrong(String text, String message) {
        assertThatThrownBy(() -> JwtKeys.parsePublic(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .message()
                .doesNotContain("c2VjcmV0");
    }
}
