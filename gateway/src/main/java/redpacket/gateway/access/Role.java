package redpacket.gateway.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a client may do. A client with a JWT may do so only for its own user. */
public enum Role {
    /** To open packets, which spends money. */
    OPENER,
    /** To grab in the name of any user. */
    GRABBER,
    /** To read the results of any user. */
    READER;

    static final Set<Role> ALL = Set.of(values());

    /** Accepts both cases. Empty if there is no such role. */
    static Optional<Role> parse(String name) {
        return Arrays.stream(values())
                .filter(role -> role.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
