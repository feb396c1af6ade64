package redpacket.gateway.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A limit for each user. Forgets the user who was away for longest, whose limit is full again anyway. Thread-safe. */
final class UserLimits {
    /** Some 15 MB. */
    private static final int MOST_USERS = 100_000;

    private final int perSecond;
    private final LongSupplier nanoTime;
    private final Map<String, RateLimit> limits = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RateLimit> eldest) {
            return size() > MOST_USERS;
        }
    };

    /** @param nanoTime such as {@link System#nanoTime} */
    UserLimits(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    synchronized RateLimit of(String user) {
        return limits.computeIfAbsent(user, none -> new RateLimit(perSecond, nanoTime));
    }
}
