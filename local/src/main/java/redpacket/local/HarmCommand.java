package redpacket.local;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.ExitCode;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.Bystanders;
import redpacket.local.faults.Harm;

/** Does harm to one partition, and measures what it costs the others. */
@Command(
        name = "harm",
        description = {
            "Run a pipeline on this machine, with one topology of two threads, and do one harm after the other to one"
                    + " partition. Users grab in the other partitions at a fixed rate. Prints the 99th percentile of"
                    + " their waits without and with each harm, in milliseconds.",
            "Exit code 1 when a harm makes it more than --most-ratio times as long. Needs no running servers, and"
                    + " nothing else on the machine."
        })
public final class HarmCommand implements AddedCommand {
    private static final int VICTIM = 0;

    /** Before the first measurement. The JIT compilers need it. */
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    /** After a harm, before the next measurement without one. */
    private static final Duration REST = Duration.ofSeconds(5);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Length of each measurement. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "300",
            description = "Grabs per second in the other partitions. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--most-ratio",
            paramLabel = "X",
            defaultValue = "2",
            description = "Allowed ratio of both percentiles. Default: ${DEFAULT-VALUE}")
    private double mostRatio;

    @Option(
            names = "--only",
            paramLabel = "HARM",
            split = ",",
            description = "Harms to do, of: ${COMPLETION-CANDIDATES}. Default: all")
    private List<Harm> only = List.of(Harm.values());

    @Override
    public Integer call() throws InterruptedException {
        if (seconds < 1) {
            throw new ParameterException(spec.commandLine(), "--seconds is " + seconds + "; it must be at least 1");
        }
        if (rate < 10) {
            throw new ParameterException(spec.commandLine(), "--rate is " + rate + "; it must be at least 10");
        }
        long most = rate * (WARM_UP.toSeconds() + only.size() * (3L * seconds + 4 * REST.toSeconds()));
        double worst = 0;
        try (BreakablePipeline pipeline = BreakablePipeline.start("only for doing harm, at least 32 characters", 1);
                Bystanders bystanders = Bystanders.start(pipeline.kafkaAddress(), VICTIM, rate, (int) most);
                Harm.Victim victim = new Harm.Victim(pipeline, VICTIM)) {
            TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
            say("%-22s %12s %12s %8s", "harm", "p99 without", "p99 with", "ratio");
            for (Harm harm : only) {
                TimeUnit.SECONDS.sleep(REST.toSeconds());
                int before = bystanders.sent();
                TimeUnit.SECONDS.sleep(seconds);
                int from = bystanders.sent();
                harm.last(victim, Duration.ofSeconds(seconds));
                int to = bystanders.sent();
                double without = millis(bystanders.p99(before, from));
                double with = millis(bystanders.p99(from, to));
                worst = Math.max(worst, with / without);
                say("%-22s %12.1f %12.1f %8.2f", harm, without, with, with / without);
            }
        }
        return worst > mostRatio ? ExitCode.FAILED : ExitCode.GOOD;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private void say(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
