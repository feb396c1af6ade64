package redpacket.benchmark;

import redpacket.application.CommandException;

/**
 * One turn of a contestant, and what came of it.
 *
 * @param round from 1; before that it only warms up
 * @param measured null if it failed
 * @param failure why; null if it did not
 */
record Run(Workload workload, Scale scale, Contestant contestant, int round, Measured measured, String failure) {
    /** Takes the turn. What goes wrong becomes part of the result: the other contestants' results stand all the same. */
    static Run take(Workload workload, Setup setup, Contestant contestant, int round) {
        try {
            Measured measured = contestant.run(workload, setup);
            return new Run(workload, setup.scale(), contestant, round, measured, null);
        } catch (CommandException e) {
            throw e; // The setup is at fault, and no other would fare better.
        } catch (RuntimeException e) {
            return new Run(workload, setup.scale(), contestant, round, null, reason(e));
        }
    }

    private static String reason(Throwable failure) {
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        String atBottom = bottom.getMessage() == null ? bottom.getClass().getSimpleName() : bottom.getMessage();
        return bottom == failure ? atBottom : failure.getMessage() + ": " + atBottom;
    }

    boolean failed() {
        return failure != null;
    }

    boolean isWarmUp() {
        return round < 1;
    }
}
