package redpacket.simulation;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.ExitCode;

/** Runs histories full of faults in simulated time. */
@Command(
        name = "simulate",
        description = {
            "Run the rules, processors, stores and share queues through short histories full of faults, in simulated"
                    + " time: processes die in the middle of a commit, tasks move, producers are fenced, offsets are"
                    + " reset, Redis forgets and lies, clocks jump. Every committed answer is compared with that of a"
                    + " naive pipeline.",
            "Needs no servers. The first history that fails is made as short as possible, and told."
        })
public final class SimulateCommand implements AddedCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "1",
            description = "How many minutes histories are run. Default: 1")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of the first history; the next ones have the next seeds. Default: 1")
    private long seed;

    @Option(
            names = "--histories",
            paramLabel = "N",
            defaultValue = "9223372036854775807",
            hidden = true,
            description = "End after this many.")
    private long histories;

    @Option(names = "--only-judge", hidden = true, description = "Do not shorten and tell the history that fails.")
    private boolean onlyJudge;

    @Override
    public Integer call() {
        if (minutes <= 0) {
            throw new ParameterException(spec.commandLine(), "--minutes is " + minutes + "; it must be more than 0");
        }
        PrintWriter out = spec.commandLine().getOut();
        long startNanos = System.nanoTime();
        Histories all = new Histories(seed, histories, startNanos + (long) (minutes * TimeUnit.MINUTES.toNanos(1)));
        Histories.Failure failure = all.run();
        if (failure != null) {
            tell(failure, out);
            return ExitCode.FAILED;
        }
        Histories.Totals totals = all.totals();
        totals.counts().forEach((what, count) -> out.printf("%,10d  %s%n", count, what));
        double took = (System.nanoTime() - startNanos) / 60e9;
        out.printf(
                "%,d histories, %,d faults, %,d answers in %.1f min: %,.0f histories and %,.0f faults a minute%n",
                totals.histories(),
                totals.faults(),
                totals.answers(),
                took,
                totals.histories() / took,
                totals.faults() / took);
        out.printf("VERDICT: GOOD%n");
        return ExitCode.GOOD;
    }

    private void tell(Histories.Failure failure, PrintWriter out) {
        Violation violation = failure.violation();
        out.printf(
                "Seed %d, history %d, after %d faults, violates %s: %s%n",
                failure.seed(), failure.number(), failure.faults(), violation.rule(), violation.getMessage());
        out.flush();
        if (!onlyJudge) {
            Simulation.tell(Simulation.shrink(Plan.of(failure.seed()))).forEach(out::println);
            if (violation.getCause() != null) {
                violation.getCause().printStackTrace(out);
            }
        }
        out.printf("VERDICT: BAD%n");
    }
}
