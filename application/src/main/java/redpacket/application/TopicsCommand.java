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
import picocli.CommandLine.Spec;
import redpacket.clients.Topics;
import redpacket.options.KafkaOptions;
import redpacket.options.Range;

/** Creates the topics, or reports what is wrong with existing ones. */
@Command(
        name = "topics",
        description = {
            "Creates missing topics, or checks existing ones.",
            "The topology refuses to start if the check finds a problem."
        })
final class TopicsCommand implements Callable<Integer> {
    /** With fewer replicas, losing one broker can lose records. */
    private static final int SAFE_REPLICAS = 3;

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @ArgGroup(multiplicity = "1")
    private Action action;

    static final class Action {
        @Option(names = "--create", description = "Create missing topics. Existing topics are not changed.")
        private boolean create;

        // Never read: the group requires exactly one of the two options, and the command reads the other one.
        @SuppressWarnings("UnusedVariable")
        @Option(names = "--check", description = "Change nothing. Exit code 1 if a topic, or Kafka itself, is wrong.")
        private boolean check;
    }

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "12",
            description = "Partitions of each topic, and maximum number of stream threads. Cannot be changed while"
                    + " packets are open. Default: ${DEFAULT-VALUE}")
    @Range(least = "1", most = "10000")
    private int partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            defaultValue = "-1",
            description = "Replicas of each topic. With 3 or more, min.insync.replicas is 2."
                    + " Default: the broker's setting")
    @Range(least = "1", most = "1000", or = "-1")
    private short replication;

    @Option(
            names = "--topic-setting",
            paramLabel = "NAME=VALUE",
            description = "A setting of all created topics, such as retention.ms=3888000000. Can be repeated."
                    + " Settings that the guarantees need cannot be changed.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "redpacket",
            description = "The topology whose changelogs are checked too. Default: ${DEFAULT-VALUE}")
    private String applicationId;

    @Override
    public Integer call() {
        kafka.address().requireReachable();
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
        List<String> problems = Topics.check(admin, applicationId);
        if (problems.isEmpty()) {
            out.println("All topics are right.");
            advise(Topics.layouts(admin), out);
        }
        problems.forEach(out::println);
        return problems.isEmpty() ? ExitCode.GOOD : ExitCode.FAILED;
    }

    /** Warns about settings that work, but weaken the guarantees. */
    private static void advise(List<Topics.Layout> topics, PrintWriter out) {
        if (topics.stream().anyMatch(topic -> topic.replicas() < SAFE_REPLICAS)) {
            out.println("Not for production: with fewer than 3 replicas, losing one broker can lose records.");
        }
    }

    private static String days(long millis) {
        if (millis < 0) {
            return "forever";
        }
        Duration kept = Duration.ofMillis(millis);
        return kept.toDays() > 0 ? kept.toDays() + " d" : kept.toSeconds() + " s";
    }
}
