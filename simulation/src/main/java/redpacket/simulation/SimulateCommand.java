package redpacket.simulation;

import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
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

    @Override
    public Integer call() {
        if (minutes <= 0) {
            throw new ParameterException(spec.commandLine(), "--minutes is " + minutes + "; it must be more than 0");
        }
        PrintWriter out = spec.commandLine().getOut();
        long startNanos = System.nanoTime();
        long endNanos = startNanos + (long) (minutes * TimeUnit.MINUTES.toNanos(1));
        Map<String, Integer> counts = new TreeMap<>();
        long faults = 0;
        long answers = 0;
        long ran = 0;
        for (; ran < histories && System.nanoTime() < endNanos; ran++) {
            Plan plan = Plan.of(seed + ran);
            Simulation.Outcome outcome = Simulation.run(plan);
            faults += outcome.faults();
            answers += outcome.answers();
            outcome.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
            if (outcome.violation() != null) {
                out.printf("Seed %d, history %d, after %d faults:%n", seed + ran, ran + 1, faults);
                Plan shortest = Simulation.shrink(plan);
                Simulation.tell(shortest).forEach(out::println);
                if (outcome.violation().getCause() != null) {
                    outcome.violation().getCause().printStackTrace(out);
                }
                out.printf("VERDICT: BAD%n");
                return ExitCode.FAILED;
            }
        }
        counts.forEach((what, count) -> out.printf("%,10d  %s%n", count, what));
        double took = (System.nanoTime() - startNanos) / 60e9;
        out.printf(
                "%,d histories, %,d faults, %,d answers in %.1f min: %,.0f histories and %,.0f faults a minute%n",
                ran, faults, answers, took, ran / took, faults / took);
        out.printf("VERDICT: GOOD%n");
        return ExitCode.GOOD;
    }
}
