package redpacket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A history that has not happened yet.
 *
 * @param threads of each instance
 * @param memory for live packets of each instance, in bytes
 */
record Plan(int partitions, int instances, int threads, long memory, List<Step> steps) {
    private static final int MOST_STEPS = 160;
    private static final int MOST_MILLIS = 40;
    private static final long MUCH = 1 << 30;

    static Plan of(long seed) {
        Random random = new Random(seed);
        int partitions = 1 + random.nextInt(3);
        int instances = 1 + random.nextInt(3);
        int threads = 1 + random.nextInt(2);
        long memory = random.nextInt(3) == 0 ? 1 : MUCH;
        List<Step> steps = new ArrayList<>();
        int count = 20 + random.nextInt(MOST_STEPS);
        while (steps.size() < count) {
            steps.add(new Step(Happening.any(random), random.nextLong(), random.nextInt(MOST_MILLIS)));
        }
        return new Plan(partitions, instances, threads, memory, steps);
    }

    Plan with(List<Step> others) {
        return new Plan(partitions, instances, threads, memory, others);
    }
}
