package redpacket.benchmark.growth;

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
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.figures.Machine;
import redpacket.benchmark.figures.Measured;
import redpacket.benchmark.figures.ResultsFile;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;
import redpacket.events.Limits;

/** Measures the cost of very many packets and winners, and the longest time for which a stream thread is occupied. */
@Command(
        name = "growth",
        description = {
            "Measures the pipeline with very many packets and winners: the cost of a grab, of a restart and of lost"
                    + " stores, and the longest step of a stream thread.",
            "Each part starts with an empty Kafka and an empty Redis. Its answers are checked."
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
            description = "Open packets, a thousand of which are grabbed. Default: 1000,10000,100000,1000000")
    private List<Integer> open;

    @Option(
            names = "--grabs",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Grabs for each number of open packets, and for the warm-up. Default: 1000000")
    private int grabs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs with each number of open packets, and number of restarts. Default: 3")
    private int rounds;

    @Option(
            names = "--restart-packets",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Open packets at the restart, all of which are grabbed. Default: 100000")
    private int restartPackets;

    @Option(
            names = "--shares",
            paramLabel = "N",
            split = ",",
            defaultValue = "200000,1000000",
            description = "Shares of the packets that are loaded, rebuilt and restored. The first one is purged too."
                    + " Default: 200000,1000000")
    private List<Integer> shares;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/growth.json",
            description = "JSON file for results, machine and settings. Default: ${DEFAULT-VALUE}")
    private Path out;

    /** One part of the measurement. */
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
                    spec.commandLine(), option + " is " + value + "; it must be from " + least + " to " + most);
        }
    }
}
