package redpacket.topology.packet;

/** Pearson's test whether counts may come from a fair die with as many sides as there are counts. */
final class ChiSquare {
    private ChiSquare() {}

    /** The sum of {@code (count - expected)² / expected}: about the number of counts for a fair die, more otherwise. */
    static double of(long[] counts) {
        double expected = 0;
        for (long count : counts) {
            expected += (double) count / counts.length;
        }
        double sum = 0;
        for (long count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    /**
     * The sum that a fair die exceeds once in a thousand times, from the tables of the chi-square distribution. The
     * inputs of these tests are fixed, so they pass always or never.
     */
    static double criticalFor(int sides) {
        return switch (sides) {
            case 3 -> 13.816;
            case 6 -> 20.515;
            case 10 -> 27.877;
            default -> throw new IllegalArgumentException("not looked up for " + sides + " sides");
        };
    }
}
