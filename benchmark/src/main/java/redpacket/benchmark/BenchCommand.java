package redpacket.benchmark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.Progress;
import redpacket.connection.ShortDuration;

/** Measures this project beside other ways to do the same, all in one run, as only that can be compared. */
@Command(
        name = "bench",
        description = {
            "Measures how many grabs a second are answered, beside other ways to answer them, on this machine.",
            "Contestants take turns; each run starts from an empty Kafka and an empty Redis, and its answers are checked."
        })
public final class BenchCommand implements AddedCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--workload",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "hot,many",
            description =
                    "Of hot, many, burst, double-click, and many-of-N, where N packets are open. Default: ${DEFAULT-VALUE}")
    private List<String> workloads;

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description = "Of pass-through, redpacket, sync-lua and lock-queue. Default: all")
    private List<String> contestants;

    @Option(
            names = "--grabs",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Of each run; the slow contestants get fewer, since rates are compared. Default: 1000000")
    private int grabs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each contestant, after one to warm up. Default: 3")
    private int rounds;

    @Option(
            names = "--redis-delay",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            description = "Put Redis so far away, as 1ms. Default: not at all")
    private Duration redisDelay = Duration.ZERO;

    @Option(names = "--quick", description = "100000 grabs, one round: to see that it works.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/bench.json",
            description = "Where the results go, with machine and settings, as JSON. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (quick) {
            grabs = 100_000;
            rounds = 1;
        }
        requireAtLeast(1_000, "--grabs", grabs);
        requireAtLeast(1, "--rounds", rounds);
        List<Contestant> taking = contestants();
        Machine before = Machine.now();
        Results results = new Results();
        int runs = workloads.size() * taking.size() * (rounds + 1);
        try (ProgressBar bar = Progress.of("Runs", runs)) {
            for (String workload : workloads) {
                for (int round = 0; round <= rounds; round++) {
                    for (Contestant contestant : taking) {
                        bar.setExtraMessage(workload + " " + contestant.name());
                        Workload work = Workload.of(workload, contestant.grabs(grabs));
                        Measured measured = contestant.run(work, redisDelay);
                        // The first round is for the compiler of the JVM: it takes half of two processors for a minute.
                        if (round > 0) {
                            results.add(work, contestant, measured);
                        }
                        bar.step();
                    }
                }
            }
        }
        PrintWriter screen = spec.commandLine().getOut();
        screen.print(results.table());
        screen.println();
        Machine after = Machine.now();
        screen.println(before + "; load after the last run " + after.loadAverage());
        new ResultsFile(before, after, redisDelay, rounds, results).write(out);
        screen.println("Results: " + out);
        return 0;
    }

    private List<Contestant> contestants() {
        if (contestants == null) {
            return Contestants.ALL;
        }
        return contestants.stream()
                .map(name -> Contestants.ALL.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () -> new ParameterException(spec.commandLine(), "no contestant is called " + name)))
                .toList();
    }

    private void requireAtLeast(int least, String option, int value) {
        if (value < least) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; the least is " + least);
        }
    }
}
