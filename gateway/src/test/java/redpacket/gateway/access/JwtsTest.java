package redpacket.gateway.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JwtsTest {
    private static final Instant NOW = Instant.parse("2026-02-17T12:00:00Z");

    private final Jwts jwts = jwts(Optional.empty(), Optional.empty(), "roles");

    @Test
    void shouldKnowTheUserAndTheRolesWhenAJwtIsGood() throws Exception {
        Client client = jwts.verify(SignedJwts.withRsa(claims("kim", "grabber", "READER", "else")));

        assertThat(client.user()).contains("kim");
        assertThat(client.roles()).containsExactly(Role.GRABBER, Role.READER);
        assertThat(client.until()).isEqualTo(NOW.plusSeconds(90));
        assertThat(jwts.verify(SignedJwts.withSecret(SignedJwts.SECRET, claims("kim")))
                        .roles())
                .isEmpty();
    }

    @Test
    void shouldReadRolesFromTheClaimThatIsNamed() throws Exception {
        Jwts scoped = jwts(Optional.empty(), Optional.empty(), "scope");

        assertThat(scoped.verify(SignedJwts.withRsa(claims("kim").claim("scope", "email grabber opener")))
                        .roles())
                .containsExactly(Role.OPENER, Role.GRABBER);
        assertThat(scoped.verify(SignedJwts.withRsa(claims("kim", "grabber"))).roles())
                .isEmpty();
        assertThat(scoped.verify(SignedJwts.withRsa(claims("kim").claim("scope", 7)))
                        .roles())
                .isEmpty();
    }

    @Test
    void shouldRefuseAJwtWithoutASignatureThatIsAllowed() throws Exception {
        JWTClaimsSet.Builder good = claims("kim", "grabber");
        assertRefused(new PlainJWT(good.build()).serialize());
        assertRefused(SignedJwts.withSecret("another-secret-of-more-than-32-bytes", good));
        // Allowed keys, but an algorithm that is not allowed.
        assertRefused(SignedJwts.withEc(good));
        assertRefused(SignedJwts.sign(new JWSHeader(JWSAlgorithm.RS512), good, new RSASSASigner(SignedJwts.RSA)));
        String signed = SignedJwts.withRsa(good);
        assertRefused(signed.substring(0, signed.lastIndexOf('.') + 1));
        assertRefused(signed.substring(0, signed.length() - 8) + "AAAAAAAA");
        String[] parts = signed.split("\\.", -1);
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims("eve", "grabber").build().toString().getBytes(UTF_8));
        assertRefused(parts[0] + "." + other + "." + parts[2]);
        for (String garbage : List.of(".", "..", "a.b.c", "....", "e30.e30.e30", "\u0000.\uffff.x")) {
            assertRefused(garbage);
        }
    }

    /** The public key is known to everybody. Who uses its text as a secret must not get in. */
    @Test
    void shouldRefuseAJwtThatIsSignedWithThePublicKeyAsASecret() throws Exception {
        byte[] der = SignedJwts.RSA.toRSAPublicKey().getEncoded();
        for (byte[] secret :
                List.of(der, SignedJwts.pem(SignedJwts.RSA.toRSAPublicKey()).getBytes(UTF_8))) {
            assertRefused(SignedJwts.sign(
                    new JWSHeader(JWSAlgorithm.HS256), claims("kim", "grabber"), new MACSigner(secret)));
        }
    }

    @Test
    void shouldRefuseAJwtWithTheSignatureOfAnotherType() throws Exception {
        assertRefused(SignedJwts.sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("logout+jwt"))
                        .build(),
                claims("kim", "grabber"),
                new RSASSASigner(SignedJwts.RSA)));
        assertThat(jwts.verify(SignedJwts.sign(
                                new JWSHeader.Builder(JWSAlgorithm.RS256)
                                        .type(new JOSEObjectType("at+jwt"))
                                        .build(),
                                claims("kim"),
                                new RSASSASigner(SignedJwts.RSA)))
                        .user())
                .contains("kim");
    }

    @Test
    void shouldRefuseAJwtOutsideItsTimeWithALeewayOfHalfAMinute() throws Exception {
        assertThat(at(NOW.minusSeconds(29)).user()).contains("kim");
        assertRefused(SignedJwts.withRsa(claims("kim").expirationTime(Date.from(NOW.minusSeconds(31)))), "Expired JWT");
        assertRefused(SignedJwts.withRsa(claims("kim").expirationTime(null)), "JWT missing required claims: [exp]");
        assertRefused(SignedJwts.withRsa(claims("kim").notBeforeTime(Date.from(NOW.plusSeconds(31)))));
        assertThat(jwts.verify(SignedJwts.withRsa(claims("kim").notBeforeTime(Date.from(NOW.plusSeconds(29)))))
                        .user())
                .contains("kim");
    }

    private Client at(Instant expiry) throws Exception {
        return jwts.verify(SignedJwts.withRsa(claims("kim").expirationTime(Date.from(expiry))));
    }

    @Test
    void shouldRefuseAJwtWhoseSubjectIsNoUser() throws Exception {
        assertRefused(SignedJwts.withRsa(claims(null, "grabber")), "JWT missing required claims: [sub]");
        assertRefused(SignedJwts.withRsa(claims("", "grabber")));
        assertRefused(SignedJwts.withRsa(claims("a b", "grabber")), "sub has the character U+0020");
        assertRefused(SignedJwts.withRsa(claims("u".repeat(129), "grabber")));
    }

    @Test
    void shouldRefuseAJwtOfAnotherIssuerOrForAnotherService() throws Exception {
        Jwts strict = jwts(Optional.of("https://issuer.example"), Optional.of("redpacket"), "roles");
        JWTClaimsSet.Builder good =
                claims("kim").issuer("https://issuer.example").audience(List.of("other", "redpacket"));

        assertThat(strict.verify(SignedJwts.withRsa(good)).user()).contains("kim");
        assertRefused(strict, SignedJwts.withRsa(claims("kim").audience("redpacket")));
        assertRefused(strict, SignedJwts.withRsa(good.issuer("https://evil.example")));
        assertRefused(strict, SignedJwts.withRsa(claims("kim").issuer("https://issuer.example")));
        assertRefused(
                strict,
                SignedJwts.withRsa(
                        claims("kim").issuer("https://issuer.example").audience("other")));
        // For somebody else, since nobody has told the gateway its own name.
        assertRefused(jwts, SignedJwts.withRsa(claims("kim").audience("other")));
    }

    @Test
    void shouldLimitEachUserByItself() throws Exception {
        Client kim = jwts.verify(SignedJwts.withRsa(claims("kim")));
        Client bob = jwts.verify(SignedJwts.withRsa(claims("bob")));

        assertThat(jwts.verify(SignedJwts.withRsa(claims("kim"))).limit()).isSameAs(kim.limit());
        assertThat(bob.limit()).isNotSameAs(kim.limit());
    }

    private static JWTClaimsSet.Builder claims(String user, String... roles) {
        return SignedJwts.claims(user, NOW, roles);
    }

    private static Jwts jwts(Optional<String> issuer, Optional<String> audience, String rolesClaim) {
        try {
            JwtKeys keys = JwtKeys.parsePublic(SignedJwts.pem(SignedJwts.RSA.toRSAPublicKey()))
                    .and(JwtKeys.secret(SignedJwts.SECRET));
            List<JWSAlgorithm> algorithms = List.of(JWSAlgorithm.RS256, JWSAlgorithm.HS256);
            Jwts.Rules rules = new Jwts.Rules(keys, algorithms, issuer, audience, rolesClaim);
            return new Jwts(rules, 5, Clock.fixed(NOW, ZoneOffset.UTC));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertRefused(String jwt) {
        assertRefused(jwts, jwt);
    }

    private void assertRefused(String jwt, String reason) {
        assertThatThrownBy(() -> jwts.verify(jwt))
                .isInstanceOf(RefusedJwtException.class)
                .hasMessageStartingWith(reason);
    }

    private static void assertRefused(Jwts jwts, String jwt) {
        assertThatThrownBy(() -> jwts.verify(jwt))
                .isInstanceOf(RefusedJwtException.class)
                .hasMessageMatching("(?s).+");
    }
}
