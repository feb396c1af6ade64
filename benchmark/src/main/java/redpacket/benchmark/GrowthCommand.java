package redpacket.benchmark;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.CommandException;
import redpacket.application.ExitCode;
import redpacket.application.Progress;
import redpacket.events.Limits;

/** Measures what it costs to have very many packets and winners, and whether any of it holds a stream thread for long. */
@Command(
        name = "growth",
        description = {
            "Measures the pipeline when there are very many packets and winners: what a grab costs, what a restart costs, what"
                    + " lost stores cost, and how long the longest step holds a stream thread.",
            "Each part starts from an empty Kafka and an empty Redis, and its answers are checked."
        })
public final class GrowthCommand implements AddedCommand {
    private static final Duration AWAY = Duration.ofMillis(1);

    private final Growth growth = new Growth();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--open",
            paramLabel = "N",
            split = ",",
            defaultValue = "1000,10000,100000,1000000",
            description = "Packets that are open, of which a thousand are grabbed. Default: 1000,10000,100000,1000000")
    private List<Integer> open;

    @Option(
            names = "--grabs",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "For each number of open packets, and before all to warm up. Default: 1000000")
    private int grabs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs with each number of open packets, and restarts. Default: 3")
    private int rounds;

    @Option(
            names = "--restart-packets",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Packets that are open, and all of them grabbed, after a restart. Default: 100000")
    private int restartPackets;

    @Option(
            names = "--shares",
            paramLabel = "N",
            split = ",",
            defaultValue = "200000,1000000",
            description = "Of packets that are loaded, rebuilt and restored; the first of them is purged too."
                    + " Default: 200000,1000000")
    private List<Integer> shares;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/growth.json",
            description = "Where the results go, with machine and settings, as JSON. Default: ${DEFAULT-VALUE}")
    private Path out;

    /** One part of it. */
    private interface Part {
        void measure();
    }

    @Override
    public Integer call() {
        requireWithin("--rounds", rounds, 1, 100);
        requireWithin("--grabs", grabs, 1_000, 10_000_000);
        requireWithin("--restart-packets", restartPackets, 1, 1_000_000);
        open.forEach(each -> requireWithin("--open", each, 1_000, 9_999_999));
        shares.forEach(each -> requireWithin("--shares", each, 2, Limits.MAX_SHARES));
        Machine before = Machine.now();
        Map<String, Object> settings = Map.of("grabs", grabs, "rounds", rounds, "restartPackets", restartPackets);
        ResultsFile file = new ResultsFile(out, before, settings);
        try (ProgressBar bar = Progress.of("Parts", 2L + shares.size() + (long) rounds * (open.size() + 2))) {
            take("the warm-up", bar, file, () -> Contestants.REDPACKET.run(Workload.of("many", grabs), Setup.PLAIN));
            for (int each : shares) {
                take("a packet of " + each + " shares", bar, file, () -> BigPacket.measure(each, growth));
            }
            take("a purge", bar, file, () -> BigPacket.purge(shares.get(0), growth));
            for (int round = 1; round <= rounds; round++) {
                for (Duration delay : List.of(Duration.ZERO, AWAY)) {
                    Setup setup = Setup.PLAIN.withRedisDelay(delay);
                    take("a restart", bar, file, () -> ColdStart.measure(restartPackets, setup, growth));
                }
                for (int each : open) {
                    take(each + " open packets", bar, file, () -> measureOpen(each));
                }
            }
        }
        PrintWriter screen = spec.commandLine().getOut();
        screen.println(growth.table());
        int least = open.get(0);
        int most = open.get(open.size() - 1);
        growth.ratio(cost(most), cost(least))
                .ifPresent(ratio -> screen.printf(
                        Locale.ROOT, "A grab with %,d open packets / with %,d: %.2f of the CPU%n", most, least, ratio));
        screen.println();
        screen.println(before + "; load after the last run " + Machine.now().loadAverage());
        screen.println("Results: " + out);
        return growth.anyFailed() ? ExitCode.FAILED : ExitCode.GOOD;
    }

    private void measureOpen(int packets) {
        Measured measured = Contestants.REDPACKET.run(Workload.of("many-of-" + packets, grabs), Setup.PLAIN);
        growth.add(cost(packets), "us/grab", measured.streamsPerGrab());
        String beside = "%,d open packets: ".formatted(packets);
        growth.add(beside + "answers", "grabs/s", measured.perSecond());
        growth.add(beside + "heap", "MB", (double) measured.memory().heapMegabytes());
        growth.add(beside + "resident beside the heap", "MB", (double)
                measured.memory().otherMegabytes());
    }

    private static String cost(int openPackets) {
        return "%,d open packets: CPU of the stream threads".formatted(openPackets);
    }

    private void take(String what, ProgressBar bar, ResultsFile file, Part part) {
        bar.setExtraMessage(what);
        try {
            part.measure();
        } catch (CommandException e) {
            throw e;
        } catch (RuntimeException e) {
            growth.failed(what, String.valueOf(e.getMessage()));
        }
        file.write(growth.forFile());
        bar.step();
    }

    private void requireWithin(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; from " + least + " to " + most + " is possible");
        }
    }
}
