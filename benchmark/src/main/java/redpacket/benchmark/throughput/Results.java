package redpacket.benchmark.throughput;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.Spread;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.load.Workload;

/** All measurements, in the order of the runs. */
final class Results {
    private final List<Row> rows = new ArrayList<>();

    /** All rounds of a contestant with a workload. Of the warm-up it contains only failures. */
    static final class Row {
        final Workload workload;
        final Scale scale;
        final Contestant contestant;
        private final List<Run> runs = new ArrayList<>();

        private Row(Run first) {
            workload = first.workload();
            scale = first.scale();
            contestant = first.contestant();
        }

        /** The rounds that did not fail. */
        List<Measured> rounds() {
            return runs.stream()
                    .filter(run -> !run.isWarmUp() && !run.failed())
                    .map(Run::measured)
                    .toList();
        }

        List<Run> failures() {
            return runs.stream().filter(Run::failed).toList();
        }

        boolean isMeasured() {
            return !rounds().isEmpty();
        }

        boolean isFollowed() {
            return rounds().stream().anyMatch(round -> round.cpu().sink() > 0);
        }

        double medianPerSecond() {
            return spread(Measured::perSecond).median();
        }

        Spread spread(ToDoubleFunction<Measured> of) {
            return Spread.of(rounds().stream().mapToDouble(of).toArray());
        }

        private boolean isOf(Run run) {
            return isBeside(run.workload(), run.scale()) && contestant.equals(run.contestant());
        }

        private boolean isBeside(Workload otherWork, Scale otherScale) {
            // Compares names, not workloads: slow contestants get fewer grabs.
            return workload.name().equals(otherWork.name()) && scale.equals(otherScale);
        }
    }

    void add(Run run) {
        Row row = rows.stream().filter(each -> each.isOf(run)).findFirst().orElseGet(() -> {
            Row added = new Row(run);
            rows.add(added);
            return added;
        });
        row.runs.add(run);
    }

    List<Row> rows() {
        return rows;
    }

    boolean anyFailed() {
        return rows.stream().anyMatch(row -> !row.failures().isEmpty());
    }

    /** The ratio of the rates in the same workload; empty if one of the two was not measured. */
    Optional<Double> ratio(Row row, Contestant other) {
        return rows.stream()
                .filter(each -> each.isBeside(row.workload, row.scale) && each.contestant.equals(other))
                .filter(each -> each.isMeasured() && row.isMeasured())
                .map(each -> row.medianPerSecond() / each.medianPerSecond())
                .findFirst();
    }

    /** Ratios of this project to the others. Only figures of one run are compared, as machines differ and change. */
    Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Row row : rows) {
            for (Contestant other : Contestants.BY_DEFAULT) {
                if (row.contestant.equals(Contestants.REDPACKET) && !other.equals(Contestants.REDPACKET)) {
                    String pair =
                            row.workload.name() + " " + row.scale + ": " + Contestants.OURS + " / " + other.name();
                    ratio(row, other).ifPresent(ratio -> ratios.put(pair, ratio));
                }
            }
        }
        return ratios;
    }

    /** The table of one workload, for people. */
    String table(String workload) {
        StringBuilder text = new StringBuilder();
        String header = "%-14s %-14s %5s %10s %10s %22s %8s %8s %10s %8s %6s %6s";
        line(text, header, "", "", "", "", "grabs/s,", "", "of pass-", "of sync-", "Redis", "us/grab:", "", "");
        line(
                text,
                header,
                "workload",
                "contestant",
                "scale",
                "grabs",
                "median",
                "least .. most",
                "through",
                "lua",
                "calls/grab",
                "Streams",
                "Kafka",
                "Redis");
        List<Row> those = rows.stream()
                .filter(row -> row.workload.name().equals(workload))
                .toList();
        those.forEach(row -> line(
                text,
                "%-14s %-14s %5s %,10d %s",
                row.workload.name(),
                row.contestant.name(),
                row.scale,
                row.workload.grabs(),
                row.isMeasured() ? figures(row) : "       failed"));
        those.stream().filter(Row::isFollowed).forEach(row -> line(text, "%s", followed(row)));
        those.forEach(row -> row.failures().forEach(run -> line(text, "%s", sentence(run))));
        return text.toString();
    }

    private static String followed(Row row) {
        return String.format(
                Locale.ROOT,
                "%s: the read model has everything at %,.0f grabs/s, %.1f s after the last answer,"
                        + " for %.2f us/grab of its own",
                row.contestant.name(),
                row.spread(Measured::followedPerSecond).median(),
                row.spread(Measured::secondsBehind).median(),
                row.spread(Measured::sinkPerGrab).median());
    }

    private String figures(Row row) {
        Spread rates = row.spread(Measured::perSecond);
        return String.format(
                Locale.ROOT,
                "%,10.0f %,9.0f ..%,10.0f %8s %8s %10.5f %8.2f %6.2f %6.2f",
                rates.median(),
                rates.least(),
                rates.most(),
                text(ratio(row, Contestants.PASS_THROUGH)),
                text(ratio(row, Contestants.SYNC_LUA)),
                row.spread(Measured::redisCallsPerGrab).median(),
                row.spread(Measured::streamsPerGrab).median(),
                row.spread(Measured::kafkaPerGrab).median(),
                row.spread(Measured::redisPerGrab).median());
    }

    private static String text(Optional<Double> ratio) {
        return ratio.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("-");
    }

    private static String sentence(Run run) {
        return "%s failed in %s: %s. To see it alone: ./redpacket bench --workload %s --contestants %s"
                .formatted(
                        run.contestant().name(),
                        run.isWarmUp() ? "the warm-up" : "round " + run.round(),
                        run.failure(),
                        run.workload().name(),
                        run.contestant().name());
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
    }

    /** In the form of the JSON file. */
    Map<String, Object> forFile() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("results", rows.stream().map(Results::row).toList());
        all.put("ratios", ratios());
        return all;
    }

    private static Map<String, Object> row(Row row) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("workload", row.workload);
        result.put("contestant", row.contestant.name());
        result.put("idea", row.contestant.idea());
        result.put("instances", row.scale.instances());
        result.put("threads", row.scale.threads());
        if (row.isMeasured()) {
            result.put("medianPerSecond", Math.round(row.medianPerSecond()));
            result.put(
                    "redisCallsPerGrab", row.spread(Measured::redisCallsPerGrab).median());
            result.put(
                    "streamsCpuMicrosPerGrab",
                    row.spread(Measured::streamsPerGrab).median());
        }
        result.put("rounds", row.rounds().stream().map(Results::round).toList());
        List<Map<String, Object>> failures = row.failures().stream()
                .map(run -> Map.<String, Object>of("round", run.round(), "reason", run.failure()))
                .toList();
        if (!failures.isEmpty()) {
            result.put("failures", failures);
        }
        return result;
    }

    private static Map<String, Object> round(Measured measured) {
        Map<String, Object> round = new LinkedHashMap<>();
        round.put("perSecond", Math.round(measured.perSecond()));
        round.put("streamsCpuMicrosPerGrab", measured.streamsPerGrab());
        round.put("kafkaCpuMicrosPerGrab", measured.kafkaPerGrab());
        round.put("redisCpuMicrosPerGrab", measured.redisPerGrab());
        round.put("sinkCpuMicrosPerGrab", measured.sinkPerGrab());
        round.put("followedPerSecond", Math.round(measured.followedPerSecond()));
        round.put("redisCallsPerGrab", measured.redisCallsPerGrab());
        round.put("heapMegabytes", measured.memory().heapMegabytes());
        round.put("otherMegabytes", measured.memory().otherMegabytes());
        return round;
    }
}
