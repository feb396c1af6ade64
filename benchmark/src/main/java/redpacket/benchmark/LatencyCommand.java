package redpacket.benchmark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.Progress;

/** Measures how long a grab waits for its committed answer, at fixed rates, beside the floor. */
@Command(
        name = "latency",
        description = {
            "Measures how long grabs wait for their committed answers when they come at fixed rates, on this machine.",
            "Beside it the same for a topology that decides nothing: less is not possible."
        })
public final class LatencyCommand implements AddedCommand {
    /** Not counted, at the beginning of each run. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            defaultValue = "20000,5000,1000",
            description = "Grabs a second. Default: ${DEFAULT-VALUE}")
    private List<Integer> rates;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description = "Of each run, after 5 s to settle. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Grabs that each contestant answers before it is measured. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            defaultValue = "target/latency.svg",
            description = "Where the curves go. Default: ${DEFAULT-VALUE}")
    private Path picture;

    @Override
    public Integer call() throws IOException {
        List<StreamsContestant> contestants = List.of(Contestants.PASS_THROUGH, Contestants.REDPACKET);
        Machine before = Machine.now();
        List<Latency> latencies = new ArrayList<>();
        try (ProgressBar bar = Progress.of("Runs", contestants.size() * (rates.size() + 1L))) {
            for (StreamsContestant contestant : contestants) {
                contestant.run(Workload.of("many", warmUp), Duration.ZERO);
                bar.step();
            }
            for (int rate : rates) {
                for (StreamsContestant contestant : contestants) {
                    int settling = Math.toIntExact(SETTLING.toSeconds() * rate);
                    Workload workload = Workload.of("many", settling + seconds * rate);
                    latencies.add(new Latency(contestant, rate, contestant.latency(workload, rate, settling)));
                    bar.step();
                }
            }
        }
        PrintWriter screen = spec.commandLine().getOut();
        screen.printf(
                Locale.ROOT,
                "%8s %-14s %10s %10s %10s %10s  ms%n",
                "grabs/s",
                "contestant",
                "p50",
                "p99",
                "p99.9",
                "longest");
        for (Latency latency : latencies) {
            screen.printf(
                    Locale.ROOT,
                    "%,8d %-14s %10.1f %10.1f %10.1f %10.1f%n",
                    latency.perSecond(),
                    latency.contestant().name(),
                    latency.millisAt(50),
                    latency.millisAt(99),
                    latency.millisAt(99.9),
                    latency.millisAt(100));
        }
        screen.println();
        screen.println(before + "; load after the last run " + Machine.now().loadAverage());
        if (picture.getParent() != null) {
            Files.createDirectories(picture.getParent());
        }
        Files.writeString(picture, LatencyPicture.of(latencies));
        screen.println("Picture: " + picture);
        return 0;
    }
}
