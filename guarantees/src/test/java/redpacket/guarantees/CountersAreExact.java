package redpacket.guarantees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import redpacket.audit.Violation.Kind;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** When the windows of the statistics no longer change, they equal a recount of the results. */
final class CountersAreExact extends Guarantee {
    CountersAreExact() {
        super(Kind.WRONG_COUNT, Kind.STALE_REVISION, Kind.WINDOW_REOPENED);
    }

    @Override
    Map<String, Long> seen(Evidence evidence) {
        Map<String, Long> windowsByScope = new TreeMap<>();
        lastByKey(evidence.history()).values().forEach(window -> windowsByScope.merge(window.scope(), 1L, Long::sum));
        long ofAll = windowsByScope.getOrDefault(WindowStats.ALL, 0L);
        return Map.of(
                "audited windows",
                evidence.report().statistics().windows(),
                "windows of all",
                ofAll,
                "windows of campaigns",
                windowsByScope.values().stream().mapToLong(Long::longValue).sum() - ofAll);
    }

    /** Compares the sums over all windows of a scope. The audit compares window by window. */
    @Override
    void check(Evidence evidence) {
        Map<String, Counters> published = new HashMap<>();
        lastByKey(evidence.history())
                .values()
                .forEach(window -> published.merge(window.scope(), window.counters(), Counters::plus));
        assertThat(published).as("counters by scope").isEqualTo(recount(evidence.history()));
    }

    private static Map<String, WindowStats> lastByKey(CommittedRecords history) {
        Map<String, WindowStats> last = new HashMap<>();
        history.windows().forEach(window -> last.put(window.key(), window));
        return last;
    }

    private static Map<String, Counters> recount(CommittedRecords history) {
        Map<String, Counters> counted = new HashMap<>();
        for (CommittedRecords.Award award : history.awards()) {
            AwardResult result = award.result();
            count(counted, result.campaign(), result.currency(), Counters.of(result));
        }
        Set<String> opened = new HashSet<>();
        for (PacketEvent.Opened event : history.packetEvents(PacketEvent.Opened.class)) {
            // A repeated command is answered with the same event again.
            if (opened.add(event.packetId())) {
                count(counted, event.campaign(), event.currency(), Counters.of(event));
            }
        }
        for (PacketEvent.Closed event : history.packetEvents(PacketEvent.Closed.class)) {
            count(counted, event.campaign(), event.currency(), Counters.of(event));
        }
        return counted;
    }

    private static void count(Map<String, Counters> counted, String campaign, String currency, Counters more) {
        for (String scope : WindowStats.scopesOf(campaign, currency)) {
            counted.merge(scope, WindowStats.countedIn(scope, currency, more), Counters::plus);
        }
    }
}
