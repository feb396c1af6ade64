package redpacket.gateway.access;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Header;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides who may do what. */
public final class Access {
    private static final String BEARER = "Bearer ";

    /**
     * A page in a browser can send requests to this machine under the name of its own host, which then resolves to the
     * loopback address.
     */
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

    private final Authentication authentication;

    private interface Authentication {
        Client of(Context ctx);
    }

    private Access(Authentication authentication) {
        this.authentication = authentication;
    }

    public static Access with(Tokens tokens) {
        return with(Optional.of(tokens), Optional.empty());
    }

    /** Clients present a token or a JWT. Without both, nothing is allowed to anybody. */
    public static Access with(Optional<Tokens> tokens, Optional<Jwts> jwts) {
        return new Access(ctx -> authenticated(tokens, jwts, ctx));
    }

    /** Everything is allowed to everybody on this machine. */
    public static Access onThisMachine(int perSecond) {
        Client anybody = Client.forAllUsers("anybody", Role.ALL, new RateLimit(perSecond, System::nanoTime));
        return new Access(ctx -> {
            requireLoopback(ctx);
            return anybody;
        });
    }

    /** Answers 401, 403 or 429 unless the client has the role. The caller checks the user. */
    public Client require(Role role, Context ctx) {
        Client client = authentication.of(ctx);
        if (!client.roles().contains(role)) {
            throw new ForbiddenResponse("The token of %s has not the role %s.".formatted(client.name(), role));
        }
        if (!client.limit().allows()) {
            ctx.header(Header.RETRY_AFTER, "1");
            throw new TooManyRequestsResponse("Too many requests of %s in this second.".formatted(client.name()));
        }
        return client;
    }

    private static Client authenticated(Optional<Tokens> tokens, Optional<Jwts> jwts, Context ctx) {
        String header = ctx.header(Header.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw unauthorized(ctx, "Send a token: Authorization: Bearer TOKEN.");
        }
        String presented = header.substring(BEARER.length()).strip();
        Optional<Client> known = tokens.flatMap(each -> each.find(presented));
        if (known.isPresent()) {
            return known.get();
        }
        if (jwts.isEmpty() || !Jwts.looksLikeOne(presented)) {
            throw unauthorized(ctx, "The token is unknown.");
        }
        try {
            return jwts.get().verify(presented);
        } catch (RefusedJwtException e) {
            throw unauthorized(ctx, "The JWT is refused: " + e.getMessage());
        }
    }

    private static UnauthorizedResponse unauthorized(Context ctx, String reason) {
        ctx.header(Header.WWW_AUTHENTICATE, "Bearer");
        return new UnauthorizedResponse(reason);
    }

    private static void requireLoopback(Context ctx) {
        String host = ctx.header(Header.HOST);
        if (host == null || !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            throw new ForbiddenResponse("A gateway without tokens answers only requests to localhost.");
        }
    }
}
