package redpacket.benchmark.growth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import redpacket.benchmark.figures.Spread;

/** Figures, measured once or in several rounds, in the order of their first round. */
final class Growth {
    private final Map<String, Figure> figures = new LinkedHashMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    private record Figure(String unit, List<Double> values) {
        Spread spread() {
            return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** Adds a round of a figure. */
    void add(String what, String unit, double value) {
        figures.computeIfAbsent(what, unseen -> new Figure(unit, new ArrayList<>()))
                .values
                .add(value);
    }

    /** Notes a figure that could not be measured. The others are valid. */
    void failed(String what, String reason) {
        failures.put(what, reason);
    }

    boolean anyFailed() {
        return !failures.isEmpty();
    }

    /** The ratio of the medians of two figures, if both were measured. */
    Optional<Double> ratio(String what, String other) {
        return Optional.ofNullable(figures.get(what)).flatMap(figure -> Optional.ofNullable(figures.get(other))
                .map(divisor -> figure.spread().median() / divisor.spread().median()));
    }

    /** Formats the figures for people. */
    String table() {
        StringBuilder text = new StringBuilder(line("%-68s %12s %24s", "", "median", "least .. most"));
        figures.forEach((what, figure) -> {
            Spread spread = figure.spread();
            String range = figure.values.size() == 1
                    ? ""
                    : "%s .. %s".formatted(digits(spread.least()), digits(spread.most()));
            text.append(line("%-68s %12s %24s  %s", what, digits(spread.median()), range, figure.unit));
        });
        failures.forEach((what, reason) -> text.append(line("%s could not be measured: %s", what, reason)));
        return text.toString();
    }

    /** The content of the JSON file. */
    Map<String, Object> forFile() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(
                "figures",
                figures.entrySet().stream()
                        .map(entry -> Map.of(
                                "what",
                                entry.getKey(),
                                "unit",
                                entry.getValue().unit,
                                "median",
                                entry.getValue().spread().median(),
                                "rounds",
                                entry.getValue().values))
                        .toList());
        all.put("failures", failures);
        return all;
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values).stripTrailing() + '\n';
    }
}
