package redpacket.audit;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Formats a report for people: a table, then the violations. */
final class ReportText {
    private final StringBuilder text = new StringBuilder();

    private ReportText() {}

    static String of(Report report) {
        ReportText table = new ReportText();
        table.totals(report);
        table.violations(report);
        return table.text.toString().stripTrailing();
    }

    private void totals(Report report) {
        line("AUDIT of all committed records, in %.1f s", report.tookMillis() / 1e3);
        if (report.coveredFromMillis() > 0) {
            line("IN PART: only packets opened from %s on", Instant.ofEpochMilli(report.coveredFromMillis()));
        }
        heading("records");
        report.recordsRead().forEach(this::row);
        heading("packets");
        row("opened", report.packets().opened());
        row("sold out", report.packets().soldOut());
        row("expired", report.packets().expired());
        row("still open", report.packets().open());
        row("commands rejected", report.packets().rejected());
        heading("grabs");
        row("readable", report.grabs().readable());
        report.grabs().outcomes().forEach((outcome, count) -> row(outcome.name(), count));
        row("repeats among AWARDED", report.grabs().repeats());
        row("answered again, the same", report.grabs().answeredAgain());
        row("unanswered", report.unanswered());
        row("dead letters", report.deadLetters());
        heading("cents");
        row("funded", report.cents().funded());
        row("awarded", report.cents().awarded());
        row("refunded", report.cents().refunded());
        row("left in open packets", report.cents().left());
        row("awarded a second time", report.cents().awardedAgain());
        row("refunded a second time", report.cents().refundedAgain());
        if (report.luckiest() != null) {
            heading("luckiest");
            row(
                    report.luckiest().userId() + " in " + report.luckiest().packetId(),
                    report.luckiest().cents());
        }
        heading("seeds");
        row("awards compared with their seed", report.seedChecked());
        heading("statistics");
        row("windows compared", report.statistics().windows());
        line("  %s", report.statistics().note());
        if (report.ledger() != null) {
            heading("ledger");
            row("rows compared", report.ledger().rows());
            row("records not read yet", report.ledger().lag());
            row("rows older than the topics", report.ledger().uncovered());
        }
        if (report.readModel() != null) {
            heading("read model");
            row("packets compared", report.readModel().packets());
            row("awards compared", report.readModel().awards());
            row("windows compared", report.readModel().windows());
            row("records not read yet", report.readModel().lag());
            line("  %s", report.readModel().note());
        }
    }

    private void violations(Report report) {
        line("");
        if (report.isGood()) {
            good(report);
            return;
        }
        line("VIOLATIONS: %,d", report.violationCount());
        for (Map.Entry<Violation.Kind, Long> kind : report.violationsByKind().entrySet()) {
            row(kind.getKey().name(), kind.getValue());
            report.violations().stream()
                    .filter(violation -> violation.kind() == kind.getKey())
                    .forEach(this::violation);
        }
    }

    /** Prints the verdict, and what was not checked: an unchecked promise cannot be called good. */
    private void good(Report report) {
        if (report.isEmpty()) {
            line("NOT JUDGED: the topics are empty.");
            return;
        }
        line("GOOD: every promise was kept%s.", report.unanswered() > 0 ? " so far" : "");
        if (report.allAgree()) {
            line("Topics, statistics, ledger and read model agree to the last grab and cent.");
        }
        report.notJudged().forEach(sentence -> line("NOT JUDGED: %s", sentence));
    }

    private void violation(Violation violation) {
        line(
                "      %s-%d@%d%s: %s",
                violation.topic(),
                violation.partition(),
                violation.offset(),
                violation.packetId() == null ? "" : " packet " + violation.packetId(),
                violation.sentence());
    }

    private void heading(String name) {
        line("%s", name);
    }

    private void row(String name, long count) {
        line("  %-32s %,20d", name, count);
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
