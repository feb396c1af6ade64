package redpacket.local;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import redpacket.audit.Report;
import redpacket.audit.Violation;
import redpacket.events.AwardResult;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;

/** The report at the end of the demo. */
final class DemoReport {
    private static final int PACKETS_SHOWN = 3;
    private static final int WINNERS_SHOWN = 10;

    private final PrintWriter out;
    private final Map<String, OpenPacket> shownPackets;

    DemoReport(PrintWriter out, List<OpenPacket> opens) {
        this.out = out;
        this.shownPackets = opens.stream()
                .limit(PACKETS_SHOWN)
                .collect(Collectors.toMap(OpenPacket::packetId, open -> open, (a, b) -> a, LinkedHashMap::new));
    }

    Set<String> shownPackets() {
        return new LinkedHashSet<>(shownPackets.keySet());
    }

    void print(Answers answers, Duration took, long redisCalls, int inFlight) {
        long grabs =
                answers.outcomes().values().stream().mapToLong(Long::longValue).sum();
        line("");
        line("%-26s %,12d   in %.1f s: %,.0f per second", "Grabs", grabs, seconds(took), grabs / seconds(took));
        for (Outcome outcome : Outcome.values()) {
            long count = answers.outcomes().getOrDefault(outcome, 0L);
            String note = outcome == Outcome.AWARDED && answers.repeats() > 0
                    ? String.format(Locale.ROOT, "   of which %,d repeats", answers.repeats())
                    : "";
            line("  %-24s %,12d%s", outcome, count, note);
        }
        Histogram latency = answers.latencyMillis();
        line(
                "%-26s p50 %d ms, p99 %d ms, longest %d ms, with at most %,d grabs in flight",
                "Grab to committed award",
                latency.getValueAtPercentile(50),
                latency.getValueAtPercentile(99),
                latency.getMaxValue(),
                inFlight);
        line("%-26s %,12d   %.4f per grab", "Calls to Redis", redisCalls, (double) redisCalls / grabs);
        shownPackets.values().forEach(open -> print(open, answers));
        line("");
    }

    /** Prints the end of the report: the money, and the verdict of the audit. */
    void verdict(Report audit) {
        Report.Cents cents = audit.cents();
        line("");
        line("%-26s %,18.2f", "Funded", yuan(cents.funded()));
        line("  %-24s %,18.2f", "awarded", yuan(cents.awarded()));
        line("  %-24s %,18.2f", "refunded", yuan(cents.refunded()));
        line("  %-24s %,18.2f", "left in open packets", yuan(cents.left()));
        line("");
        if (audit.readModelAgrees()) {
            line(
                    "Verdict: good. %,d grabs, each answered once; %,d packets, each balanced to the cent; every award"
                            + " is the share that its seed fixed. The statistics of %,d windows and the read model with"
                            + " %,d awards agree.",
                    audit.grabs().readable(),
                    audit.packets().opened(),
                    audit.statistics().windows(),
                    audit.readModel().awards());
        } else {
            line("Verdict: BAD. %,d violations:", audit.violationCount());
            for (Violation violation : audit.violations()) {
                line("  %s", violation);
            }
            audit.notJudged().forEach(sentence -> line("  Not judged: %s", sentence));
        }
    }

    private void print(OpenPacket open, Answers answers) {
        Map<Integer, AwardResult> winners = answers.winnersOf(open.packetId());
        PacketEvent.Closed closed = answers.closingOf(open.packetId());
        String left = String.format(Locale.ROOT, "%,d left", open.shares() - winners.size());
        line("");
        line(
                "Packet %s: %,.2f in %,d shares, %s",
                open.packetId(),
                yuan(open.totalCents()),
                open.shares(),
                closed == null ? left : closed.match(DemoReport::soldOut, expired -> left, cancelled -> left));
        winners.values().stream()
                .limit(WINNERS_SHOWN)
                .forEach(award -> line(
                        "  %4d. %-14s %,10.2f%s",
                        award.share().index() + 1,
                        award.userId(),
                        yuan(award.share().cents()),
                        isLuckiest(award, closed) ? "   luckiest" : ""));
        if (winners.size() > WINNERS_SHOWN) {
            line("        and %,d more", winners.size() - WINNERS_SHOWN);
            if (closed != null) {
                line(
                        "  %4d. %-14s %,10.2f   luckiest",
                        closed.luckiest().share().index() + 1,
                        closed.luckiest().userId(),
                        yuan(closed.luckiest().share().cents()));
            }
        }
    }

    private static String soldOut(PacketEvent.SoldOut soldOut) {
        return String.format(Locale.ROOT, "sold out after %.2f s", soldOut.elapsedMillis() / 1000.0);
    }

    private static boolean isLuckiest(AwardResult award, PacketEvent.Closed closed) {
        return closed != null && closed.luckiest().userId().equals(award.userId());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static BigDecimal yuan(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }

    private void line(String format, Object... arguments) {
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
