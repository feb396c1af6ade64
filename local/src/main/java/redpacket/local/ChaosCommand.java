package redpacket.local;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.CommandException;
import redpacket.application.ExitCode;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.HistoryUnreadableException;
import redpacket.audit.Report;
import redpacket.audit.Violation;
import redpacket.local.faults.BreakablePipeline;
import redpacket.local.faults.Chaos;
import redpacket.local.faults.Fault;
import redpacket.local.faults.Investigation;
import redpacket.local.faults.Load;
import redpacket.parts.Ending;
import redpacket.parts.LocalKafkaCluster;

/** Injects faults into a busy pipeline, and audits whether it kept its promises. */
@Command(
        name = "chaos",
        description = {
            "Run a pipeline on this machine and inject faults while users grab: kill, pause, add and remove instances;"
                    + " delete committed offsets; restart Kafka and let its clock jump; kill, empty, stall, fill and"
                    + " damage Redis; delay, cut and silence the network; kill and pause the sink; kill PostgreSQL."
                    + " Then repair everything, audit the topics, and compare the read model and the ledger with them.",
            "Needs no running servers, and leaves nothing behind. Ctrl-C ends the faults early and starts the audit."
        })
public final class ChaosCommand implements AddedCommand {
    private static final int INSTANCES = 2;

    /** Longer than the pipeline needs for its first answer after all parts have failed. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Longer than most outages, so that packets are open across them. */
    private static final Duration LONGEST_OPEN = Duration.ofSeconds(30);

    /** Log time passes while the pipeline is down, so packets close late. Longer than the longest outage. */
    private static final Duration CLOSING_SLACK = Duration.ofMinutes(2);

    /** A kind of fault that has missed this often without ever striking counts as ineffective. */
    private static final int MISSES_WHEN_INEFFECTIVE = 3;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "10",
            description = "How many minutes faults are injected. Default: 10")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the random choice of faults, packets and grabs. Default: a random seed")
    private Long seed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Grabs per second, while the pipeline keeps up. More than it can answer, such as 60000,"
                    + " keeps it saturated. Default: 500")
    private int rate;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of Kafka brokers: 1, or 3, which are killed, paused and emptied too. Default: 1")
    private int brokers;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode = ExitCode.FAILED;
    private PrintWriter out;
    private long startedNanos;

    @Override
    public Integer call() throws InterruptedException {
        if (minutes <= 0) {
            throw new ParameterException(spec.commandLine(), "--minutes is " + minutes + "; it must be more than 0");
        }
        if (rate < 50) {
            throw new ParameterException(spec.commandLine(), "--rate is " + rate + "; it must be at least 50");
        }
        if (brokers != 1 && brokers != LocalKafkaCluster.BROKERS) {
            throw new ParameterException(spec.commandLine(), "--brokers is " + brokers + "; it must be 1 or 3");
        }
        if (seed == null) {
            seed = (long) new Random().nextInt(1_000_000);
        }
        out = spec.commandLine().getOut();
        startedNanos = System.nanoTime();
        say(
                "Chaos for %s minutes, seed %d: starting Kafka, Redis, PostgreSQL, a sink and %d instances ...",
                minutes, seed, INSTANCES);
        try (BreakablePipeline pipeline = start()) {
            // Registered last, so that on Ctrl-C the pipeline stays up until the audit has ended.
            endEarlyOnExit();
            exitCode = run(pipeline);
        } catch (HistoryUnreadableException e) {
            exitCode = ExitCode.SETUP;
            throw CommandException.setup("The audit cannot read the topics: " + e.getMessage(), e);
        } finally {
            finished.countDown();
        }
        return exitCode;
    }

    private BreakablePipeline start() {
        return brokers == 1
                ? BreakablePipeline.startWithSink(secret(), INSTANCES)
                : BreakablePipeline.startWithSinkOn(LocalKafkaCluster.start(), secret(), INSTANCES);
    }

    private int run(BreakablePipeline pipeline) throws InterruptedException {
        boolean good = false;
        try (Load load = Load.on(pipeline.kafkaAddress(), seed, rate, LONGEST_OPEN)) {
            awaitFirstAnswer(load);
            Chaos chaos = new Chaos(pipeline, seed, event -> log(load, event));
            chaos.run(Duration.ofMillis((long) (minutes * 60_000)), stop);
            load.stop();
            log(load, "sending has ended; waiting for the last answers");
            boolean answered = awaitRest(pipeline, load);
            log(load, "auditing the topics, the read model and the ledger");
            Report report = Audit.run(
                    pipeline.kafkaAddress(),
                    AuditOptions.STRICT.withSecret(secret()).withClosingSlack(CLOSING_SLACK),
                    pipeline.sinkStores());
            verdict(chaos, load, report);
            good = answered && provesSomething(chaos) && report.allAgree();
        } finally {
            if (!good) {
                say("The logs are in %s", pipeline.keepLogs());
            }
        }
        return good ? ExitCode.GOOD : ExitCode.FAILED;
    }

    /** Whether all grabs are answered. The audit can compare the sink only with topics that no longer change. */
    private boolean awaitRest(BreakablePipeline pipeline, Load load) {
        try (Investigation investigation = Investigation.of(pipeline)) {
            boolean answered = load.awaitAnswered(PATIENCE);
            log(
                    load,
                    answered ? "all grabs are answered; waiting for the last closings" : "NOT all grabs are answered");
            load.awaitClosed(PATIENCE);
            investigation.finding().ifPresent(finding -> say("Stood for a minute after healing: %s", finding));
            return answered;
        }
    }

    private static boolean provesSomething(Chaos chaos) {
        return chaos.count() > 0 && ineffective(chaos).isEmpty();
    }

    /** Kinds of faults that missed repeatedly and never struck. Such a fault looks in the wrong place. */
    private static List<Fault> ineffective(Chaos chaos) {
        return chaos.missed().entrySet().stream()
                .filter(kind -> kind.getValue() >= MISSES_WHEN_INEFFECTIVE
                        && !chaos.struck().containsKey(kind.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private String secret() {
        return "a secret for chaos " + seed;
    }

    private void awaitFirstAnswer(Load load) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (load.answered() == 0 && !stop.await(100, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() > deadline) {
                throw CommandException.failed("no grab was answered within " + PATIENCE.toSeconds() + " s");
            }
        }
    }

    private void log(Load load, String event) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
        say(
                "%02d:%02d  %,9d sent %,9d answered  longest pause %4.1f s  %s",
                seconds / 60, seconds % 60, load.sent(), load.answered(), seconds(load.longestPause()), event);
    }

    private void verdict(Chaos chaos, Load load, Report report) {
        say("");
        say("%-32s %,9d", "Faults, of " + chaos.struck().size() + " kinds", chaos.count());
        for (Map.Entry<Fault, Integer> kind : chaos.struck().entrySet()) {
            say("  %-30s %,9d", kind.getKey(), kind.getValue());
        }
        chaos.missed().forEach((kind, count) -> say("  %-30s %,9d found nothing to break", kind, count));
        say("%-32s %,9d", "Grabs", report.grabs().readable());
        report.grabs().outcomes().forEach((outcome, count) -> say("  %-30s %,9d", outcome, count));
        say("%-32s %,9d", "Dead letters", report.deadLetters());
        say("%-32s %,9d", "Sends without acknowledgement", load.unsure());
        say("%-32s %,9d", "Packets", report.packets().opened());
        say("  %-30s %,9d", "sold out", report.packets().soldOut());
        say("  %-30s %,9d", "expired", report.packets().expired());
        say("%-32s %,9d", "Awards in the read model", report.readModel().awards());
        say("%-32s %,9d", "Windows in the read model", report.readModel().windows());
        say("%-32s %,9d", "Rows in the ledger", report.ledger().rows());
        say("%-32s %9.1f s", "Longest time without an answer", seconds(load.longestPause()));
        say("%-32s %9.1f s", "  in one of the partitions", seconds(load.takeLongestPauseOfPartition()));
        say("%-32s %,9d", "Violations", report.violationCount());
        report.violationsByKind().forEach((kind, count) -> say("  %-30s %,9d", kind, count));
        for (Violation violation : report.violations()) {
            say("  %s", violation);
        }
        say("");
        if (chaos.count() == 0) {
            say("Verdict: BAD. No fault struck, so the run proves nothing. Run it with more --minutes");
        } else if (!ineffective(chaos).isEmpty()) {
            say("Verdict: BAD. These faults never found anything to break: %s", ineffective(chaos));
        } else if (report.allAgree()) {
            say(
                    "Verdict: good. Every promise was kept; topics, statistics, read model and ledger agree. (seed %d)",
                    seed);
        } else {
            report.notJudged().forEach(sentence -> say("Not judged: %s", sentence));
            say("Verdict: BAD. Repeat it with --seed %d", seed);
        }
    }

    /**
     * On SIGINT or SIGTERM the JVM waits for the audit, and exits with its exit code. The Ending is not closed before.
     */
    @SuppressWarnings("resource")
    private void endEarlyOnExit() {
        Ending.of(() -> {
            boolean early = finished.getCount() > 0;
            stop.countDown();
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (early) {
                out.flush();
                Runtime.getRuntime().halt(exitCode);
            }
        });
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void say(String format, Object... arguments) {
        out.printf(Locale.ROOT, format + "%n", arguments);
        out.flush();
    }
}
