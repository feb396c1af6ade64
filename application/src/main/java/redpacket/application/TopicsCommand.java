package redpacket.application;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.clients.Topics;
import redpacket.options.KafkaOptions;

/** Lays out the topics, or says what is wrong with those that are there. */
@Command(
        name = "topics",
        description = {
            "Create the topics that are missing, or check those that are there.",
            "The topology refuses to run on topics that a check finds fault with."
        })
final class TopicsCommand implements Callable<Integer> {
    /** With fewer, one broker that is lost for good takes records along. */
    private static final int SAFE_REPLICAS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @ArgGroup(multiplicity = "1")
    private Action action;

    static final class Action {
        @Option(names = "--create", description = "Create what is missing; what is there stays as it is.")
        private boolean create;

        @SuppressWarnings("UnusedVariable") // whoever does not create, checks
        @Option(names = "--check", description = "Change nothing; exit code 1 when something is wrong.")
        private boolean check;
    }

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description =
                    "Of each topic: so many threads of topologies can work at once. It cannot be changed later while"
                            + " packets are open. Default: ${DEFAULT-VALUE}")
    private int partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "-1",
            description = "On how many brokers each record is kept; with 3 or more, a write counts when 2 have it."
                    + " Default: the broker's setting")
    private short replication;

    @Option(
            names = "--topic-setting",
            paramLabel = "NAME=VALUE",
            description = "Of all topics that are created, such as retention.ms=3888000000. May be given again."
                    + " Those that the guarantees rest on stay as they must be.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (partitions < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--partitions is " + partitions + "; a topic has at least one");
        }
        if (replication < 1 && replication != -1) {
            throw new ParameterException(
                    spec.commandLine(), "--replication is " + replication + "; a topic is kept on at least one broker");
        }
        try (Admin admin = Admin.create(kafka.address().clientSettings())) {
            if (action.create) {
                Topics.create(admin, partitions, replication, settings);
            }
            return tell(admin);
        }
    }

    private int tell(Admin admin) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%-24s%12s%10s%14s%12s  %-14s %s%n",
                "topic", "partitions", "replicas", "min in-sync", "retention", "time", "cleanup");
        for (Topics.Layout topic : Topics.layouts(admin)) {
            out.printf(
                    "%-24s%12d%10d%14d%12s  %-14s %s%n",
                    topic.topic(),
                    topic.partitions(),
                    topic.replicas(),
                    topic.minInSyncReplicas(),
                    days(topic.retentionMillis()),
                    topic.timestampType(),
                    topic.cleanupPolicy());
        }
        List<String> problems = Topics.check(admin);
        if (problems.isEmpty()) {
            out.println("The topics are as they must be.");
            advise(Topics.layouts(admin), out);
        }
        problems.forEach(out::println);
        return problems.isEmpty() ? ExitCode.GOOD : ExitCode.FAILED;
    }

    /** What works, but promises less than the pipeline does. */
    private static void advise(List<Topics.Layout> topics, PrintWriter out) {
        if (topics.stream().anyMatch(topic -> topic.replicas() < SAFE_REPLICAS)) {
            out.println("Not for production: with fewer than 3 replicas a broker that is lost takes records along.");
        } else if (topics.stream().anyMatch(topic -> topic.minInSyncReplicas() < 2)) {
            out.println("Not for production: with min.insync.replicas=1 a record may count as stored that only one"
                    + " broker has; set it to 2.");
        }
    }

    private static String days(long millis) {
        if (millis < 0) {
            return "for ever";
        }
        Duration kept = Duration.ofMillis(millis);
        return kept.toDays() > 0 ? kept.toDays() + " d" : kept.toSeconds() + " s";
    }
}
