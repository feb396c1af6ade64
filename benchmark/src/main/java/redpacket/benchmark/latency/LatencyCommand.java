package redpacket.benchmark.latency;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.ExitCode;
import redpacket.application.Progress;
import redpacket.benchmark.contestants.Contestants;
import redpacket.benchmark.contestants.TimedContestant;
import redpacket.benchmark.figures.Machine;
import redpacket.benchmark.figures.ResultsFile;
import redpacket.benchmark.ground.Setup;
import redpacket.benchmark.load.Workload;

/** Measures how long a grab waits for its committed answer at fixed rates, beside the floor. */
@Command(
        name = "latency",
        description = {
            "Measures how long grabs wait for their committed answers at fixed rates, on this machine.",
            "Also measures a topology that decides nothing, which is the lower bound.",
            "Contestants take turns. Each run starts with an empty Kafka and an empty Redis. Its answers are checked."
        })
public final class LatencyCommand implements AddedCommand {
    private static final List<TimedContestant> CONTESTANTS = List.of(
            Contestants.STREAMS_DEFAULT,
            Contestants.PASS_THROUGH,
            Contestants.REDPACKET,
            Contestants.REDIS_LUA,
            Contestants.POSTGRES);

    /** The time at the beginning of each run that does not count. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description = "Any of streams-default, pass-through, redpacket, redis-lua and postgres. Default: all")
    private List<String> contestants;

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            defaultValue = "20000,5000,1000",
            description = "Grabs per second. Default: ${DEFAULT-VALUE}")
    private List<Integer> rates;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Runs of each contestant at each rate. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Length of each run, after 5 s to settle. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Grabs that each contestant answers before the measurement. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            defaultValue = "target/latency.svg",
            description = "SVG file for the curves. Default: ${DEFAULT-VALUE}")
    private Path picture;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "target/latency.json",
            description = "JSON file for results, machine and settings. Default: ${DEFAULT-VALUE}")
    private Path out;

    @Override
    public Integer call() throws IOException {
        requireAtLeastOne("--rounds", rounds);
        requireAtLeastOne("--seconds", seconds);
        rates.forEach(rate -> requireAtLeastOne("--rates", rate));
        List<TimedContestant> taking = taking();
        Machine before = Machine.now();
        ResultsFile file = new ResultsFile(
                out, before, Map.of("rates", rates, "rounds", rounds, "seconds", seconds, "warmUp", warmUp));
        Latencies latencies = new Latencies();
        try (ProgressBar bar = Progress.of("Runs", taking.size() * (1L + (long) rates.size() * rounds))) {
            for (TimedContestant contestant : taking) {
                bar.setExtraMessage("warm-up " + contestant.name());
                contestant.run(Workload.of("many", contestant.grabs(warmUp)), Setup.PLAIN);
                bar.step();
            }
            for (int round = 1; round <= rounds; round++) {
                for (int rate : rates) {
                    for (TimedContestant contestant : taking) {
                        bar.setExtraMessage(rate + "/s " + contestant.name());
                        int settling = Math.toIntExact(SETTLING.toSeconds() * rate);
                        Workload workload = Workload.of("many", settling + seconds * rate);
                        latencies.add(contestant.latency(workload, rate, settling));
                        file.write(latencies.forFile());
                        bar.step();
                    }
                }
            }
        }
        Files.writeString(picture, LatencyPicture.of(latencies.together()));
        PrintWriter screen = spec.commandLine().getOut();
        screen.println(latencies.table());
        screen.println(before + "; load after the last run " + Machine.now().loadAverage());
        screen.println("Picture: " + picture + ", results: " + out);
        return ExitCode.GOOD;
    }

    private List<TimedContestant> taking() {
        if (contestants == null) {
            return CONTESTANTS;
        }
        return contestants.stream()
                .map(name -> CONTESTANTS.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(), "no contestant of latency is called " + name)))
                .toList();
    }

    private void requireAtLeastOne(String option, int value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + "; it must be at least 1");
        }
    }
}
