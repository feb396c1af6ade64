package redpacket.gateway;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.Header;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides who may do what. */
final class Access {
    private static final String BEARER = "Bearer ";

    /**
     * A page in a browser can send requests to this machine under the name of its own host, which then resolves to the
     * loopback address.
     */
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

    private final Optional<Tokens> tokens;
    private final Client anybody;

    private Access(Optional<Tokens> tokens, int perSecond) {
        this.tokens = tokens;
        this.anybody = new Client("anybody", EnumSet.allOf(Role.class), new RateLimit(perSecond, System::nanoTime));
    }

    static Access with(Tokens tokens) {
        return new Access(Optional.of(tokens), 1);
    }

    /** Everything is allowed to everybody on this machine. */
    static Access onThisMachine(int perSecond) {
        return new Access(Optional.empty(), perSecond);
    }

    /** Answers 401, 403 or 429 unless the client has the role. */
    void require(Role role, Context ctx) {
        Client client = tokens.map(known -> authenticated(known, ctx)).orElseGet(() -> onThisMachine(ctx));
        if (!client.roles().contains(role)) {
            throw new ForbiddenResponse("The token of %s has not the role %s."
                    .formatted(client.name(), role.name().toLowerCase(Locale.ROOT)));
        }
        if (!client.limit().allows()) {
            ctx.header(Header.RETRY_AFTER, "1");
            throw new TooManyRequestsResponse("Too many requests of %s in this second.".formatted(client.name()));
        }
    }

    private static Client authenticated(Tokens tokens, Context ctx) {
        String header = ctx.header(Header.AUTHORIZATION);
        boolean isBearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
        return (isBearer ? tokens.find(header.substring(BEARER.length()).strip()) : Optional.<Client>empty())
                .orElseThrow(() -> {
                    ctx.header(Header.WWW_AUTHENTICATE, "Bearer");
                    return new UnauthorizedResponse(
                            isBearer ? "The token is unknown." : "Send a token: Authorization: Bearer TOKEN.");
                });
    }

    private Client onThisMachine(Context ctx) {
        String host = ctx.header(Header.HOST);
        if (host == null || !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
            throw new ForbiddenResponse("A gateway without tokens answers only requests to localhost.");
        }
        return anybody;
    }
}
