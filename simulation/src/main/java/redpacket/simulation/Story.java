package redpacket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a history, line by line, for a person to read. */
final class Story {
    /** Repeats of up to this many lines are folded. */
    private static final int LONGEST_CYCLE = 4;

    /** Fewer lines than this are not worth folding. */
    private static final int LEAST_FOLDED = 3;

    private final List<Line> lines = new ArrayList<>();

    /**
     * A line.
     *
     * @param form what similar lines have in common: all but the numbers
     */
    private record Line(String text, String form) {}

    void add(double seconds, Supplier<String> what) {
        String text = what.get();
        lines.add(new Line("%9.3f  %s".formatted(seconds, text), text.replaceAll("[0-9]+", "#")));
    }

    /** The lines; of similar ones in a row only the first. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            int cycle = 1;
            int folded = 0;
            for (int length = 1; length <= LONGEST_CYCLE; length++) {
                int repeats = repeats(at, length);
                if (repeats > folded) {
                    cycle = length;
                    folded = repeats;
                }
            }
            folded = folded < LEAST_FOLDED ? 0 : folded;
            lines.subList(at, Math.min(at + cycle, lines.size())).forEach(line -> told.add(line.text));
            if (folded > 0) {
                told.add("           " + folded + " more like " + (cycle == 1 ? "this" : "these " + cycle));
            }
            at += cycle + folded;
        }
        return told;
    }

    /** How many lines repeat the ones from a position on, as often as these repeat as a whole. */
    private int repeats(int from, int length) {
        int next = from + length;
        while (next < lines.size() && lines.get(next).form.equals(lines.get(next - length).form)) {
            next++;
        }
        int count = next - from - length;
        return count > 0 ? count - count % length : 0;
    }
}
