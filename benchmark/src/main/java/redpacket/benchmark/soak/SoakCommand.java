package redpacket.benchmark.soak;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.CommandException;
import redpacket.application.ExitCode;
import redpacket.events.AwardResult;
import redpacket.events.Topic;
import redpacket.options.ShortDuration;
import redpacket.parts.LocalServers;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Keeps one topology busy for an hour. Fails if its memory keeps growing. */
@Command(
        name = "soak",
        description = {
            "Sends grabs at a fixed rate to a topology in a process of its own, and prints the memory of that process"
                    + " every minute, in MB.",
            "Exit code 1 when resident memory rose in the second half by more than --most-rise. Needs Linux. Starts its"
                    + " own Kafka and Redis."
        })
public final class SoakCommand implements AddedCommand {
    private static final Duration POLL = Duration.ofMillis(100);

    /** A topology that lags more cannot keep up with the grabs, so its memory means nothing. */
    private static final Duration MOST_BEHIND = Duration.ofMinutes(3);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "60",
            description = "Length of the run, in minutes. Default: ${DEFAULT-VALUE}")
    private int minutes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Grabs per second. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--packets-per-second",
            paramLabel = "N",
            defaultValue = "100",
            description = "New packets per second, with 10 shares each. Default: ${DEFAULT-VALUE}")
    private int packetsPerSecond;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "300m",
            description = "Heap of the topology, as in -Xmx. Default: ${DEFAULT-VALUE}")
    private String heap;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "60s",
            description = "The topology's --retention. Default: ${DEFAULT-VALUE}")
    private Duration retention;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of each topic. Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--most-rise",
            paramLabel = "PERCENT",
            defaultValue = "2",
            description = "Allowed rise of resident memory in the second half, in percent. Default: ${DEFAULT-VALUE}")
    private double mostRise;

    private long answered;

    @Override
    public Integer call() {
        requireAtLeast("--minutes", minutes, 2);
        requireAtLeast("--rate", rate, 100);
        requireAtLeast("--packets-per-second", packetsPerSecond, 1);
        requireAtLeast("--partitions", partitions, 1);
        List<Footprint> footprints = new ArrayList<>();
        try (LocalServers servers = LocalServers.start(partitions);
                SoakedTopology topology = SoakedTopology.start(servers, heap, retention)) {
            topology.awaitReady();
            try (CommittedReader answers =
                            CommittedReader.fromNow(servers.kafka().clientSettings(), Set.of(Topic.AWARDS));
                    SoakLoad load = SoakLoad.start(servers.kafka(), rate, packetsPerSecond)) {
                long start = System.nanoTime();
                say(Footprint.HEADING + "       grabs     answers");
                for (int minute = 0; minute <= minutes; minute++) {
                    readUntil(start + TimeUnit.MINUTES.toNanos(minute), answers, load, topology);
                    Footprint footprint = topology.footprint();
                    footprints.add(footprint);
                    say("%s %,11d %,11d", footprint.line(minute), load.stored(), answered);
                }
            }
        }
        Footprint half = footprints.get(minutes / 2);
        Footprint last = footprints.get(minutes);
        double rise = half.riseUntil(last);
        say(
                "From minute %d to %d resident memory rose by %.1f %%, from %,d to %,d MB. The limit is %.1f %%.",
                minutes / 2, minutes, rise, half.resident(), last.resident(), mostRise);
        return rise > mostRise ? ExitCode.FAILED : ExitCode.GOOD;
    }

    private void readUntil(long deadline, CommittedReader answers, SoakLoad load, SoakedTopology topology) {
        ResultListener counting = new ResultListener() {
            @Override
            public void onAward(Committed<AwardResult> award) {
                answered++;
            }
        };
        while (System.nanoTime() < deadline) {
            answers.poll(POLL, counting);
            topology.requireAlive();
            if (load.stored() - answered > MOST_BEHIND.toSeconds() * rate) {
                throw CommandException.failed("The topology does not keep up: " + answered + " of " + load.stored()
                        + " grabs were answered. Lower --rate");
            }
        }
    }

    private void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; it must be at least " + least);
        }
    }

    private void say(String format, Object... arguments) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
