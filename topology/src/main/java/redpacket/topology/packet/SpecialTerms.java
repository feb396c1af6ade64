package redpacket.topology.packet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent.OnlyUsers;
import redpacket.events.Prize;

/**
 * Terms that few packets have. All others share {@link #NONE}, so these terms cost them neither memory nor time.
 *
 * @param startsAtMillis grabs that the broker appends before this time win nothing yet; null if none was named
 * @param minCents of each share; null if none was named
 * @param maxCents of each share; null if none was named
 * @param prizes null if the packet is not split into prizes
 * @param onlyUsers the users who may win, sorted; null if all may
 * @param currency null if none was named
 * @param title null if none was named
 */
public record SpecialTerms(
        Long startsAtMillis,
        Long minCents,
        Long maxCents,
        List<Prize> prizes,
        List<String> onlyUsers,
        String currency,
        String title) {
    public static final SpecialTerms NONE = new SpecialTerms(null, null, null, null, null, null, null);

    /** Estimates of the bytes of an object with its reference, and of a short string. */
    private static final int OBJECT_BYTES = 40;

    private static final int STRING_BYTES = 60;

    public SpecialTerms {
        prizes = prizes == null ? null : List.copyOf(prizes);
        onlyUsers = onlyUsers == null ? null : sorted(onlyUsers);
    }

    static SpecialTerms of(OpenPacket command) {
        SpecialTerms terms = new SpecialTerms(
                command.startsAtMillis(),
                command.minCents(),
                command.maxCents(),
                command.prizes(),
                command.onlyUsers(),
                command.currency(),
                command.title());
        return terms.equals(NONE) ? NONE : terms;
    }

    /** When a packet with these terms starts. */
    long startMillis(long openedAtMillis) {
        return startsAtMillis == null ? openedAtMillis : Math.max(openedAtMillis, startsAtMillis);
    }

    /** Whether a packet is for a user. A search in a sorted list, which no choice of ids makes slow. */
    boolean isFor(String userId) {
        return onlyUsers == null || Collections.binarySearch(onlyUsers, userId) >= 0;
    }

    /** Whether a grab that the broker appended at this time came before the start. */
    boolean isBeforeStart(long grabbedAtMillis) {
        return startsAtMillis != null && grabbedAtMillis < startsAtMillis;
    }

    /** The least cents that a share can have. */
    long leastCents() {
        if (prizes != null) {
            return 0;
        }
        return minCents == null ? 1 : minCents;
    }

    /** The most cents that a share can have. */
    long mostCents() {
        return maxCents == null ? Limits.MAX_TOTAL_CENTS : maxCents;
    }

    /** What the events of a packet show of its users; null if it is for everybody. */
    OnlyUsers shownUsers(Seed seed) {
        if (onlyUsers == null) {
            return null;
        }
        byte[] hash = seed.hmac(String.join("\n", onlyUsers).getBytes(UTF_8));
        return new OnlyUsers(onlyUsers.size(), HexFormat.of().formatHex(hash));
    }

    /** An estimate of the bytes that these terms take in memory. */
    public int weight() {
        if (equals(NONE)) {
            return 0;
        }
        int bytes = 2 * STRING_BYTES + (title == null ? 0 : 2 * title.length());
        for (Prize prize : prizes == null ? List.<Prize>of() : prizes) {
            bytes += OBJECT_BYTES
                    + (prize.name() == null
                            ? 0
                            : STRING_BYTES + 2 * prize.name().length());
        }
        for (String userId : onlyUsers == null ? List.<String>of() : onlyUsers) {
            bytes += STRING_BYTES + userId.length();
        }
        return bytes;
    }

    /** Without the users, because text like this ends up in logs. */
    @Override
    public String toString() {
        return "SpecialTerms[starts at " + startsAtMillis + ", " + minCents + " to " + maxCents + " cents, prizes "
                + prizes + ", for " + (onlyUsers == null ? "all" : onlyUsers.size()) + " users, " + currency + ", "
                + title + "]";
    }

    private static List<String> sorted(List<String> users) {
        List<String> sorted = new ArrayList<>(users);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }
}
