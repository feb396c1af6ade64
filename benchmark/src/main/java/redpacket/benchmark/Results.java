package redpacket.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All that was measured, in the order of the runs. */
final class Results {
    private final List<Row> rows = new ArrayList<>();

    /** What one contestant did in all rounds of a workload; the warm-up is not among them. */
    record Row(Workload workload, Contestant contestant, List<Measured> rounds) {
        double medianPerSecond() {
            double[] sorted = sortedRates();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        double leastPerSecond() {
            return sortedRates()[0];
        }

        double mostPerSecond() {
            double[] sorted = sortedRates();
            return sorted[sorted.length - 1];
        }

        double redisCallsPerGrab() {
            return rounds.stream()
                    .mapToDouble(Measured::redisCallsPerGrab)
                    .average()
                    .orElseThrow();
        }

        double cpuMicrosPerGrab() {
            return rounds.stream()
                    .mapToDouble(Measured::cpuMicrosPerGrab)
                    .average()
                    .orElseThrow();
        }

        private double[] sortedRates() {
            double[] rates = rounds.stream().mapToDouble(Measured::perSecond).toArray();
            Arrays.sort(rates);
            return rates;
        }
    }

    void add(Workload workload, Contestant contestant, Measured measured) {
        Row row = rows.stream()
                .filter(each -> each.workload.name().equals(workload.name()) && each.contestant.equals(contestant))
                .findFirst()
                .orElseGet(() -> {
                    Row added = new Row(workload, contestant, new ArrayList<>());
                    rows.add(added);
                    return added;
                });
        row.rounds.add(measured);
    }

    List<Row> rows() {
        return rows;
    }

    /** Ours beside another: how many times as fast. Only numbers of one run are compared, as machines differ and change. */
    Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Row ours : rows) {
            for (Row other : rows) {
                boolean sameWork = ours.workload.name().equals(other.workload.name());
                if (sameWork && isOurs(ours) && !isOurs(other)) {
                    ratios.put(
                            ours.workload.name() + ": " + Contestants.OURS + " / " + other.contestant.name(),
                            ours.medianPerSecond() / other.medianPerSecond());
                }
            }
        }
        return ratios;
    }

    private static boolean isOurs(Row row) {
        return row.contestant.name().equals(Contestants.OURS);
    }

    /** For people. */
    String table() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%-14s %-14s %10s %12s %23s %18s %16s",
                "workload",
                "contestant",
                "grabs",
                "grabs/s",
                "least .. most",
                "Redis calls/grab",
                "Streams us/grab");
        for (Row row : rows) {
            line(
                    text,
                    "%-14s %-14s %,10d %,12.0f %,10.0f .. %,9.0f %18.5f %16.2f",
                    row.workload.name(),
                    row.contestant.name(),
                    row.workload.grabs(),
                    row.medianPerSecond(),
                    row.leastPerSecond(),
                    row.mostPerSecond(),
                    row.redisCallsPerGrab(),
                    row.cpuMicrosPerGrab());
        }
        line(text, "");
        ratios().forEach((pair, ratio) -> line(text, "%-44s %8.2f", pair, ratio));
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }
}
