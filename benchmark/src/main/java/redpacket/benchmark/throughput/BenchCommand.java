package redpacket.benchmark.throughput;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.ExitCode;
import redpacket.application.Progress;
import redpacket.benchmark.contestants.Contestant;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.figures.Machine;
import redpacket.benchmark.figures.ResultsFile;
import redpacket.benchmark.ground.GivenServersOptions;
import redpacket.benchmark.ground.Scale;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;
import redpacket.options.ShortDuration;

/** Measures this project and other solutions in one run, because only such results can be compared. */
@Command(
        name = "bench",
        description = {
            "Measures how many grabs per second this project and other solutions answer on this machine.",
            "Contestants take turns. Each run starts with an empty Kafka and an empty Redis. Its answers are checked.",
            "Failed runs are reported at the end, with exit code 1. All other results are valid."
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
                    "Any of hot, many, burst, double-click and many-of-N: N packets are open, a thousand of them are"
                            + " grabbed. Default: ${DEFAULT-VALUE}")
    private List<String> workloads;

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Any of pass-through, streams-default, redpacket, with-sink, sync-lua, redis-lua, postgres and"
                            + " lock-queue. Default: all but streams-default and with-sink")
    private List<String> contestants;

    @Option(
            names = "--grabs",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Grabs per run. Slow contestants get fewer, since rates are compared. Default: 1000000")
    private int grabs;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measured runs of each contestant. Default: 3")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "2",
            description = "Runs of each contestant before the measured ones. Default: ${DEFAULT-VALUE}")
    private int warmUps;

    @Option(
            names = "--redis-delay",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            description = "Delay added to each request to Redis, such as 1ms. Default: none")
    private Duration redisDelay = Duration.ZERO;

    @Option(
            names = "--scale",
            paramLabel = "INSTANCESxTHREADS",
            split = ",",
            converter = Scale.Text.class,
            description = "Instances, and stream threads in each, such as 1x1,1x2,2x1. Only for those on Kafka."
                    + " Default: one instance with as many threads as there are processors")
    private List<Scale> scales = List.of(Scale.OF_THIS_MACHINE);

    @Mixin
    private GivenServersOptions given;

    @Option(names = "--quick", description = "A functional check: 100000 grabs, one round.")
    private boolean quick;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/bench.json",
            description = "JSON file for results, machine and settings. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() {
        if (quick) {
            grabs = 100_000;
            warmUps = 1;
            rounds = 1;
        }
        requireAtLeast(1_000, "--grabs", grabs);
        requireAtLeast(1, "--rounds", rounds);
        requireAtLeast(0, "--warm-up", warmUps);
        List<Contestant> taking = orWrong(() -> contestants == null
                ? Contestants.BY_DEFAULT
                : contestants.stream().map(Contestants::named).toList());
        workloads.forEach(name -> orWrong(() -> Workload.of(name, grabs)));
        Setup setup = new Setup(scales.get(0), redisDelay, given.servers());
        Machine before = Machine.now();
        ResultsFile file = new ResultsFile(out, before, settings(setup));
        Results results = new Results();
        PrintWriter screen = spec.commandLine().getOut();
        try (ProgressBar bar =
                Progress.of("Runs", (long) workloads.size() * scales.size() * taking.size() * (warmUps + rounds))) {
            for (String workload : workloads) {
                // The first rounds warm up the JIT compiler, which uses half of two processors for a minute.
                for (int round = 1 - warmUps; round <= rounds; round++) {
                    for (Scale scale : scales) {
                        for (Contestant contestant : taking) {
                            bar.setExtraMessage(workload + " " + contestant.name());
                            Workload work = Workload.of(workload, contestant.grabs(grabs));
                            results.add(Run.take(work, setup.withScale(scale), contestant, round));
                            file.write(results.forFile());
                            bar.step();
                        }
                    }
                }
                screen.println(results.table(workload));
                screen.flush();
            }
        }
        results.ratios().forEach((pair, ratio) -> screen.printf(Locale.ROOT, "%-48s %8.2f%n", pair, ratio));
        screen.println();
        screen.println(before + "; load after the last run " + Machine.now().loadAverage());
        screen.println("Results: " + out);
        return results.anyFailed() ? ExitCode.FAILED : ExitCode.GOOD;
    }

    private Map<String, Object> settings(Setup setup) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("grabs", grabs);
        settings.put("warmUp", warmUps);
        settings.put("rounds", rounds);
        settings.put("redisDelayMillis", redisDelay.toNanos() / 1e6);
        settings.put(
                "kafka",
                setup.given() == null ? "embedded" : setup.given().kafka().toString());
        settings.put(
                "redis",
                setup.given() == null ? "embedded" : setup.given().redis().toString());
        return settings;
    }

    private <T> T orWrong(Supplier<T> named) {
        try {
            return named.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void requireAtLeast(int least, String option, int value) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; it must be at least " + least);
        }
    }
}
