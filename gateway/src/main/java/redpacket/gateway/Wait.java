package redpacket.gateway;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a request waits for its answer, by the header {@code Prefer} (RFC 7240). */
final class Wait {
    /** Other preferences mean nothing here. */
    private static final Pattern PREFERENCE =
            Pattern.compile("(?i)(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:[,;]|$)");

    private Wait() {}

    /** The time that a client prefers, but at most {@code most}, which is also the time without a preference. */
    static Duration of(String prefer, Duration most) {
        Matcher preference = PREFERENCE.matcher(prefer == null ? "" : prefer);
        if (!preference.find()) {
            return most;
        }
        Duration preferred = Duration.ofSeconds(Long.parseLong(preference.group(1)));
        return preferred.compareTo(most) < 0 ? preferred : most;
    }
}
