package redpacket.benchmark.throughput;

import redpacket.application.CommandException;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;
import redpacket.clients.Causes;

/**
 * One run of a contestant, and its result.
 *
 * @param round from 1; smaller for a warm-up
 * @param measured null if the run failed
 * @param failure the reason; null if the run did not fail
 */
record Run(Workload workload, Scale scale, Contestant contestant, int round, Measured measured, String failure) {
    /** Runs a contestant. A failure becomes part of the result, so that the results of other contestants are kept. */
    static Run take(Workload workload, Setup setup, Contestant contestant, int round) {
        try {
            Measured measured = contestant.run(workload, setup);
            return new Run(workload, setup.scale(), contestant, round, measured, null);
        } catch (CommandException e) {
            // The setup is wrong, so every other contestant would fail too.
            throw e;
        } catch (RuntimeException e) {
            return new Run(workload, setup.scale(), contestant, round, null, reason(e));
        }
    }

    private static String reason(Throwable failure) {
        Throwable bottom = Causes.root(failure);
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
