package redpacket.gateway.access;

import io.javalin.http.ForbiddenResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who sends a request.
 *
 * @param name for messages
 * @param user the only user for whom the client may act; empty if it may act for all
 * @param until when the client's right ends
 */
public record Client(String name, Set<Role> roles, RateLimit limit, Optional<String> user, Instant until) {
    static Client forAllUsers(String name, Set<Role> roles, RateLimit limit) {
        return new Client(name, roles, limit, Optional.empty(), Instant.MAX);
    }

    static Client forOneUser(String user, Set<Role> roles, RateLimit limit, Instant until) {
        return new Client(user, roles, limit, Optional.of(user), until);
    }

    /**
     * Answers 403 unless the client may act for a user.
     *
     * @param field that contains the user, for the message
     */
    public void requireUser(String field, String userId) {
        if (user.isPresent() && !user.get().equals(userId)) {
            throw new ForbiddenResponse("%s is not %s, the user of this JWT.".formatted(field, user.get()));
        }
    }
}
