package redpacket.benchmark.latency;

import java.util.List;
import java.util.Locale;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.contestants.Latency;

/** Draws latencies as curves: percentiles to the right, milliseconds upwards, both on logarithmic scales. */
final class LatencyPicture {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 76;
    private static final int RIGHT = 210;
    private static final int EDGE = 40;

    private static final double[] PERCENTILES = {0, 50, 90, 99, 99.9, 99.99};
    private static final double[] MILLIS = {1, 10, 100, 1_000, 10_000};
    private static final String[] COLOURS = {"#c0392b", "#2471a3", "#229954", "#8e44ad"};

    /** Of the other contestants. */
    private static final String[] DASHES = {"5 4", "2 3", "9 3", "9 3 2 3"};

    private LatencyPicture() {}

    /** An SVG. The curve of {@linkplain Contestants#OURS this project} is solid, each of the others has its dashes. */
    static String of(List<Latency> latencies) {
        StringBuilder svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'",
                WIDTH,
                HEIGHT);
        line(svg, "  font-size='12'><rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
        for (double percentile : PERCENTILES) {
            double x = x(percentile);
            line(svg, "<path d='M%.1f %dV%d' stroke='#ddd'/>", x, EDGE, HEIGHT - EDGE);
            text(svg, x, HEIGHT - EDGE + 18, "middle", (percentile + "%").replace(".0%", "%"));
        }
        for (double millis : MILLIS) {
            double y = y(millis);
            line(svg, "<path d='M%d %.1fH%d' stroke='#ddd'/>", LEFT, y, WIDTH - RIGHT);
            text(svg, LEFT - 6, y + 4, "end", String.format(Locale.ROOT, "%,.0f ms", millis));
        }
        text(svg, LEFT, EDGE - 16, "start", "from a grab's due time to its committed answer, by share of grabs");
        List<Contestant> others = latencies.stream()
                .map(Latency::contestant)
                .filter(each -> !isOurs(each))
                .distinct()
                .toList();
        List<Integer> rates =
                latencies.stream().map(Latency::perSecond).distinct().toList();
        for (int i = 0; i < latencies.size(); i++) {
            Latency latency = latencies.get(i);
            String style =
                    "stroke='" + COLOURS[rates.indexOf(latency.perSecond()) % COLOURS.length] + "' stroke-width='2'"
                            + (isOurs(latency.contestant())
                                    ? ""
                                    : " stroke-dasharray='"
                                            + DASHES[others.indexOf(latency.contestant()) % DASHES.length] + "'");
            line(svg, "<polyline fill='none' %s points='%s'/>", style, points(latency));
            int y = EDGE + 10 + 20 * i;
            line(svg, "<path d='M%d %dh26' %s/>", WIDTH - RIGHT + 12, y, style);
            String name =
                    String.format(Locale.ROOT, "%s %,d/s", latency.contestant().name(), latency.perSecond());
            text(svg, WIDTH - RIGHT + 44, y + 4, "start", name);
        }
        return svg.append("</svg>\n").toString();
    }

    private static boolean isOurs(Contestant contestant) {
        return contestant.name().equals(Contestants.OURS);
    }

    private static String points(Latency latency) {
        StringBuilder points = new StringBuilder();
        for (double scale = 0; scale <= 4; scale += 0.05) {
            double percentile = 100 - 100 / Math.pow(10, scale);
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile), y(latency.millisAt(percentile))));
        }
        return points.toString().strip();
    }

    /** Logarithmic: each step, from 0 to 90, 99 and 99.9, leaves a tenth of the slower grabs. */
    private static double x(double percentile) {
        return LEFT + (WIDTH - RIGHT - LEFT) * -Math.log10(1 - percentile / 100) / 4;
    }

    private static double y(double millis) {
        double most = Math.log10(MILLIS[MILLIS.length - 1]);
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * Math.log10(Math.max(1, millis)) / most;
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        line(svg, "<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, text);
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
