package redpacket.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs histories, and makes a failed one as short as it can be. */
final class Simulation {
    private Simulation() {}

    /**
     * What a history came to.
     *
     * @param violation null if there was none
     */
    record Outcome(Violation violation, int faults, long answers, Map<String, Integer> counts) {}

    static Outcome run(Plan plan) {
        return run(plan, null);
    }

    /** What happened in a history, line by line. Repeats are folded. */
    static List<String> tell(Plan plan) {
        Story story = new Story();
        Outcome outcome = run(plan, story);
        List<String> told = story.told();
        if (outcome.violation != null) {
            told.add(outcome.violation.rule() + ": " + outcome.violation.getMessage());
        }
        return told;
    }

    private static Outcome run(Plan plan, Story story) {
        World world = new World(plan, story);
        Violation violation = null;
        try {
            world.run(plan);
        } catch (Violation e) {
            violation = e;
        } catch (RuntimeException e) {
            violation = new Violation(Violation.Rule.ALL_CAN_BE_READ, "What was committed cannot be judged: " + e, e);
        }
        return new Outcome(violation, world.faults(), world.answers(), world.counts());
    }

    /** Leaves out steps as long as the same rule stays violated. */
    static Plan shrink(Plan failed) {
        Violation.Rule rule = run(failed).violation.rule();
        Plan shortest = failed;
        for (int part = failed.steps().size() / 2; part > 0; part /= 2) {
            boolean again = true;
            while (again) {
                Plan before = shortest;
                for (int from = 0; from + part <= shortest.steps().size(); ) {
                    Plan without = without(shortest, from, part);
                    Violation violation = run(without).violation;
                    if (violation != null && violation.rule() == rule) {
                        shortest = without;
                    } else {
                        from += part;
                    }
                }
                again = part == 1 && !shortest.equals(before);
            }
        }
        return shortest;
    }

    private static Plan without(Plan plan, int from, int count) {
        List<Step> left = new ArrayList<>(plan.steps());
        left.subList(from, from + count).clear();
        return plan.with(left);
    }
}
