package redpacket.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import redpacket.options.KafkaOptions;
import redpacket.options.LedgerOptions;
import redpacket.options.Range;
import redpacket.options.RedisOptions;
import redpacket.options.SeedSecretOptions;
import redpacket.options.ShortDuration;

/** Audits the topics and prints the report. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Reads every topic and proves that each cent is where it should be: each grab answered once, each share"
                    + " handed out once, every packet balanced, every award the share that its seed fixed.",
            "Changes nothing, and may run beside the pipeline."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every promise was kept.",
            "1:There are violations.",
            "2:The command line is wrong.",
            "3:Nothing could be judged: the topics could not be read, no longer have their beginning, or are empty; or"
                    + " the read model or the ledger could not be compared."
        })
public final class AuditCommand implements Callable<Integer> {
    private static final int GOOD = 0;
    private static final int VIOLATIONS = 1;
    private static final int NOT_JUDGED = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    /** The ledger to compare with the topics, if one is named. */
    @Mixin
    private LedgerOptions ledger;

    @Option(names = "--read-model", description = "Compare the sink's read model in Redis with the topics, too.")
    private boolean readModel;

    /** The Redis of the read model. */
    @Mixin
    private RedisOptions redis;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "10s",
            description = "Keep waiting for missing results or a lagging sink; give up after this long without"
                    + " progress. Default: ${DEFAULT-VALUE}")
    @Range(least = "1ms", most = "1d")
    private Duration wait;

    @Option(
            names = "--allow-open",
            description = "The pipeline lags or is down: count records that it has not reached as unanswered, not as"
                    + " violations.")
    private boolean allowOpen;

    @Option(
            names = "--partial",
            description = "Retention removed the beginning of a topic: audit only the packets that were opened later.")
    private boolean partial;

    @Option(
            names = "--closing-slack",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "60s",
            description = "A packet must be closed within this time after its deadline, by the time in the log."
                    + " Default: ${DEFAULT-VALUE}")
    @Range(least = "0ms", most = "31d")
    private Duration closingSlack;

    @Option(
            names = "--retention",
            paramLabel = "DURATION",
            converter = ShortDuration.class,
            defaultValue = "7d",
            description = "A packet must still be known for this time after its deadline. Set it to the topology's"
                    + " --retention. Default: ${DEFAULT-VALUE}")
    @Range(least = "1s", most = "3650d")
    private Duration retention;

    /** The secret of the seeds, to check open packets too. */
    @Mixin
    private SeedSecretOptions seedSecret;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "10",
            description = "Show this many violations of each kind. Default: ${DEFAULT-VALUE}")
    @Range(least = "0", most = "1000000")
    private int examples;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        kafka.address().requireReachable();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Report report = audit(options(seedSecret.secret().orElse(null)));
            out.println(json ? asJson(report) : ReportText.of(report));
            out.flush();
            if (!report.isGood()) {
                return VIOLATIONS;
            }
            return report.isJudged() ? GOOD : NOT_JUDGED;
        } catch (HistoryUnreadableException e) {
            err.println("The audit could not be done: " + e.getMessage());
            err.flush();
            return NOT_JUDGED;
        }
    }

    private AuditOptions options(String secret) {
        return new AuditOptions(
                wait, !allowOpen, partial, closingSlack, retention, secret, examples, AuditOptions.Progress.UNSEEN);
    }

    /** Shows a progress bar on standard error if that is a terminal. */
    private Report audit(AuditOptions options) {
        if (json || !Ansi.AUTO.enabled()) {
            return Audit.run(kafka.address(), options, stores());
        }
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Auditing")
                .setUnit(" records", 1)
                .build()) {
            return Audit.run(kafka.address(), options.withProgress(new Bar(bar)), stores());
        }
    }

    private SinkStores stores() {
        return new SinkStores(ledger.address(), readModel ? Optional.of(redis.address()) : Optional.empty());
    }

    private record Bar(ProgressBar bar) implements AuditOptions.Progress {
        @Override
        public void expect(long records) {
            bar.maxHint(records);
        }

        @Override
        public void read(long records) {
            bar.stepBy(records);
        }
    }

    private static String asJson(Report report) {
        try {
            return JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report can always be written", e);
        }
    }
}
