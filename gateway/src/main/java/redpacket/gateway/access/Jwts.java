package redpacket.gateway.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import redpacket.events.Ids;
import redpacket.events.InvalidEventException;

/** Verifies the JWTs of users. {@code sub} is the user, and the only one for whom the JWT allows something. */
public final class Jwts {
    /** For clocks that differ, in both directions. */
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    /** The type of access tokens (RFC 9068). */
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    private final String rolesClaim;
    private final UserLimits limits;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * What a JWT must be.
     *
     * @param algorithms that are allowed. There is no default, and no {@code none}
     * @param issuer what {@code iss} must be; empty if anything
     * @param audience what {@code aud} must contain. If empty, a JWT with an audience is refused: it is for another
     *     service (RFC 7519, section 4.1.3)
     * @param rolesClaim the claim with the roles: an array, or names separated by blanks
     */
    public record Rules(
            JwtKeys keys,
            List<JWSAlgorithm> algorithms,
            Optional<String> issuer,
            Optional<String> audience,
            String rolesClaim) {
        /** @throws IllegalArgumentException if keys and algorithms do not belong together */
        public Rules {
            keys.requireToMatch(algorithms);
        }
    }

    /** @param perSecond how many requests a second each user may send */
    public Jwts(Rules rules, int perSecond, Clock clock) {
        this.rolesClaim = rules.rolesClaim();
        this.limits = new UserLimits(perSecond, System::nanoTime);
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, ACCESS_TOKEN, null));
        processor.setJWSKeySelector((header, context) -> rules.algorithms().contains(header.getAlgorithm())
                ? rules.keys().candidates(header)
                : List.of());
        processor.setJWTClaimsSetVerifier(claims(rules, clock));
    }

    private static DefaultJWTClaimsVerifier<SecurityContext> claims(Rules rules, Clock clock) {
        JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
        rules.issuer().ifPresent(exact::issuer);
        Set<String> required = Set.of(JWTClaimNames.SUBJECT, JWTClaimNames.EXPIRATION_TIME);
        Set<String> prohibited = rules.audience().isPresent() ? Set.of() : Set.of(JWTClaimNames.AUDIENCE);
        DefaultJWTClaimsVerifier<SecurityContext> verifier =
                new DefaultJWTClaimsVerifier<>(
                        rules.audience().map(Set::of).orElse(null), exact.build(), required, prohibited) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(clock.instant());
                    }
                };
        verifier.setMaxClockSkew(Math.toIntExact(LEEWAY.toSeconds()));
        return verifier;
    }

    /** Whether a text has the form of a JWT: parts with dots between. */
    static boolean looksLikeOne(String text) {
        return text.indexOf('.') > 0;
    }

    /** Returns the client that a JWT makes. */
    Client verify(String jwt) throws RefusedJwtException {
        try {
            JWTClaimsSet claims = processor.process(jwt, null);
            String user = Ids.foreign("sub", claims.getSubject());
            Instant until = claims.getExpirationTime().toInstant().plus(LEEWAY);
            return Client.forOneUser(user, roles(claims), limits.of(user), until);
        } catch (ParseException | BadJOSEException | JOSEException | InvalidEventException e) {
            throw new RefusedJwtException(e.getMessage(), e);
        }
    }

    private Set<Role> roles(JWTClaimsSet claims) {
        Object claim = claims.getClaim(rolesClaim);
        List<?> names = claim instanceof String text ? Arrays.asList(text.split(" ", -1)) : List.of();
        Set<Role> roles = EnumSet.noneOf(Role.class);
        // Other names may mean something to others.
        for (Object name : claim instanceof List<?> list ? list : names) {
            Role.parse(String.valueOf(name)).ifPresent(roles::add);
        }
        return roles;
    }
}
