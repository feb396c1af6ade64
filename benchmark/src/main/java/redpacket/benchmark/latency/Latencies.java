package redpacket.benchmark.latency;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.contestants.Latency;
import redpacket.benchmark.figures.Spread;
import redpacket.benchmark.figures.Step;

/** The latencies of all rounds: for each rate and contestant, the median of the rounds' percentiles. */
final class Latencies {
    private static final double[] PERCENTILES = {50, 99, 99.9, 100};

    private final List<Latency> all = new ArrayList<>();

    private record Row(int perSecond, Contestant contestant) {}

    void add(Latency latency) {
        all.add(latency);
    }

    /** Merges the rounds of each rate and contestant into one histogram. */
    List<Latency> together() {
        return rows().values().stream().map(Latency::together).toList();
    }

    /** Formats the latencies for people. */
    String table() {
        StringBuilder text =
                new StringBuilder("ms from when a grab was due to its committed answer: median of the rounds\n");
        text.append(line(
                "%8s %-14s %9s %9s %9s %9s %20s %14s %13s",
                "grabs/s",
                "contestant",
                "p50",
                "p99",
                "p99.9",
                "longest",
                "p99 least .. most",
                "sent late, p99",
                "GC ms, all"));
        rows().forEach((row, rounds) -> text.append(line(
                "%,8d %-14s %9.1f %9.1f %9.1f %9.1f %20s %14.1f %,13d",
                row.perSecond,
                row.contestant.name(),
                at(50, rounds).median(),
                at(99, rounds).median(),
                at(99.9, rounds).median(),
                at(100, rounds).most(),
                line("%.1f .. %.1f", at(99, rounds).least(), at(99, rounds).most())
                        .strip(),
                Latency.together(rounds).lateMillisAt(99),
                Latency.together(rounds).gcMillis())));
        text.append('\n');
        rows().keySet().stream().map(Row::perSecond).distinct().forEach(rate -> text.append(steps(rate)));
        ratios().forEach((what, ratio) -> text.append(line("%-44s %8.2f", what, ratio)));
        return text.toString();
    }

    /** Where the waits at a rate go: mean and 99th percentile of each step. Empty if no step was measured. */
    private String steps(int perSecond) {
        List<Latency> divided = together().stream()
                .filter(each -> each.perSecond() == perSecond && !each.steps().isEmpty())
                .toList();
        if (divided.isEmpty()) {
            return "";
        }
        String caption = line("steps of the wait at %,d/s, ms", perSecond).strip();
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-40s", caption));
        divided.forEach(each -> text.append(
                String.format(Locale.ROOT, " %15s %8s", each.contestant().name(), "p99")));
        text.append('\n');
        for (Step step : Step.values()) {
            text.append(String.format(Locale.ROOT, "  %-38s", step));
            divided.forEach(each -> text.append(String.format(
                    Locale.ROOT,
                    " %15.2f %8.2f",
                    each.steps().meanMillis(step),
                    each.steps().millisAt(99, step))));
            text.append('\n');
        }
        text.append(String.format(Locale.ROOT, "  %-38s", "all"));
        divided.forEach(each -> text.append(
                String.format(Locale.ROOT, " %15.2f %8.2f", each.steps().meanMillis(), each.millisAt(99))));
        text.append(String.format(Locale.ROOT, "%n  %-38s", "of it: a request for markers"));
        divided.forEach(each -> text.append(
                String.format(Locale.ROOT, " %15.2f %8s", each.steps().markersMillis(), "")));
        return text.append("\n\n").toString();
    }

    /** The content of the JSON file. */
    Map<String, Object> forFile() {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("results", all.stream().map(Latencies::forFile).toList());
        results.put("ratios", ratios());
        return results;
    }

    /** Ratios of this project to the floor, at each rate at which both were measured. */
    Map<String, Double> ratios() {
        Map<Row, List<Latency>> rows = rows();
        Map<String, Double> ratios = new LinkedHashMap<>();
        rows.forEach((row, rounds) -> {
            List<Latency> floor = rows.get(new Row(row.perSecond, Contestants.PASS_THROUGH));
            if (row.contestant.equals(Contestants.REDPACKET) && floor != null) {
                for (double percentile : new double[] {50, 99, 99.9}) {
                    String what = line(
                                    "p%s at %,d/s: %s / %s",
                                    name(percentile), row.perSecond, Contestants.OURS, Contestants.PASS_THROUGH.name())
                            .strip();
                    ratios.put(
                            what,
                            at(percentile, rounds).median()
                                    / at(percentile, floor).median());
                }
            }
        });
        return ratios;
    }

    private Map<Row, List<Latency>> rows() {
        return all.stream()
                .collect(Collectors.groupingBy(
                        latency -> new Row(latency.perSecond(), latency.contestant()),
                        LinkedHashMap::new,
                        Collectors.toList()));
    }

    private static Spread at(double percentile, List<Latency> rounds) {
        return Spread.of(
                rounds.stream().mapToDouble(round -> round.millisAt(percentile)).toArray());
    }

    private static Map<String, Object> forFile(Latency latency) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("contestant", latency.contestant().name());
        result.put("perSecond", latency.perSecond());
        result.put("grabs", latency.waits().getTotalCount());
        Map<String, Double> millis = new LinkedHashMap<>();
        for (double percentile : PERCENTILES) {
            millis.put("p" + name(percentile), latency.millisAt(percentile));
        }
        result.put("millis", millis);
        if (!latency.steps().isEmpty()) {
            Map<String, Double> means = new LinkedHashMap<>();
            for (Step step : Step.values()) {
                means.put(step.toString(), latency.steps().meanMillis(step));
            }
            result.put("stepsMeanMillis", means);
        }
        result.put("sentLateMillisP99", latency.lateMillisAt(99));
        result.put("gcMillis", latency.gcMillis());
        return result;
    }

    private static String name(double percentile) {
        return String.valueOf(percentile).replace(".0", "");
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values).stripTrailing() + '\n';
    }
}
