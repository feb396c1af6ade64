package redpacket.audit;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.WindowStats;

/** Adds up the results of the partitions, and recounts them by window to compare with the statistics. */
final class Totals {
    /** 0 when there are no statistics to compare with. */
    private final long windowMillis;

    private final Map<String, Counters> recounted = new HashMap<>();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long repeats;
    private long readableGrabs;
    private long unreadableGrabs;
    private long opened;
    private long soldOut;
    private long expired;
    private long cancelled;
    private long fundedCents;
    private long awardedCents;
    private long refundedCents;
    private Report.LuckiestOfAll luckiest;
    private long seedChecked;
    long rejected;
    long unanswered;

    /** Harmless answers, which repeat an earlier answer. */
    long answeredAgain;

    private long awardedAgainCents;
    private long refundedAgainCents;

    Totals(long windowMillis) {
        this.windowMillis = windowMillis;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, 0L);
        }
    }

    void count(AwardResult result) {
        outcomes.merge(result.outcome(), 1L, Long::sum);
        repeats += result.repeat() ? 1 : 0;
    }

    void count(Inputs<?> grabs) {
        readableGrabs += grabs.readable();
        unreadableGrabs += grabs.unreadable();
    }

    void count(PacketHistory history) {
        awardedCents += history.awardedCents();
        seedChecked += history.seedChecked();
        if (history.opened() == null) {
            return;
        }
        opened++;
        fundedCents += history.opened().totalCents();
        if (history.closed() != null) {
            count(history.closed());
        }
        Luckiest best = history.luckiest();
        if (best != null && (luckiest == null || best.share().cents() > luckiest.cents())) {
            luckiest = new Report.LuckiestOfAll(
                    history.opened().packetId(), best.userId(), best.share().cents());
        }
    }

    private void count(PacketEvent.Closed closed) {
        refundedCents += closed.match(
                event -> {
                    soldOut++;
                    return 0L;
                },
                event -> {
                    expired++;
                    return event.refundedCents();
                },
                event -> {
                    cancelled++;
                    return event.refundedCents();
                });
    }

    /** Adds a result that answers no grab, or a grab that was answered before. */
    void countAgain(AwardResult result) {
        if (result.movesMoney()) {
            awardedAgainCents += result.share().cents();
        }
    }

    /** Adds a closing event of a packet that was closed before. */
    void countAgain(PacketEvent.Closed event) {
        refundedAgainCents +=
                event.match(soldOut -> 0L, PacketEvent.Expired::refundedCents, PacketEvent.Cancelled::refundedCents);
    }

    Report.Packets packets() {
        return new Report.Packets(opened, soldOut, expired, opened - soldOut - expired - cancelled, rejected);
    }

    Report.Grabs grabs() {
        return new Report.Grabs(readableGrabs, unreadableGrabs, outcomes, repeats, answeredAgain);
    }

    Report.Cents cents() {
        return new Report.Cents(
                fundedCents,
                awardedCents,
                refundedCents,
                fundedCents - awardedCents - refundedCents,
                awardedAgainCents,
                refundedAgainCents);
    }

    Report.LuckiestOfAll luckiest() {
        return luckiest;
    }

    long seedChecked() {
        return seedChecked;
    }

    void recount(AwardResult result) {
        recount(result.grabbedAtMillis(), result.campaign(), result.currency(), Counters.of(result));
    }

    void recount(PacketEvent.Opened event) {
        recount(event.openedAtMillis(), event.campaign(), event.currency(), Counters.of(event));
    }

    void recount(PacketEvent.Closed event) {
        recount(event.closedAtMillis(), event.campaign(), event.currency(), Counters.of(event));
    }

    /** The recount by {@link WindowStats#key()}. */
    Map<String, Counters> recounted() {
        return recounted;
    }

    private void recount(long atMillis, String campaign, String currency, Counters counters) {
        if (windowMillis == 0) {
            return;
        }
        String window = "@" + Math.floorDiv(atMillis, windowMillis) * windowMillis;
        recount(WindowStats.ALL, window, currency, counters);
        if (campaign != null) {
            recount(WindowStats.scopeOfCampaign(campaign), window, currency, counters);
        }
    }

    /** Cents of a currency count only in the scope with this currency, everything else in both. */
    private void recount(String scope, String window, String currency, Counters counters) {
        if (currency == null) {
            recounted.merge(scope + window, counters, Counters::plus);
        } else {
            recounted.merge(scope + window, counters.withoutMoney(), Counters::plus);
            recounted.merge(scope + "/" + currency + window, counters, Counters::plus);
        }
    }
}
