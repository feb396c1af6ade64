package redpacket.local;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import redpacket.application.AddedCommand;
import redpacket.application.ExitCode;
import redpacket.application.Progress;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.audit.SinkStores;
import redpacket.clients.RedisConnection;
import redpacket.events.OpenPacket;
import redpacket.parts.Ending;
import redpacket.parts.LocalKafkaCluster;
import redpacket.parts.LocalServers;
import redpacket.parts.TemporaryFolder;
import redpacket.producer.Appended;
import redpacket.producer.PacketProducer;
import redpacket.service.Metrics;
import redpacket.sink.Sink;
import redpacket.sink.readmodel.ReadModel;
import redpacket.sink.readmodel.Retention;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.streams.RedPacketApplication;
import redpacket.topology.streams.StreamsSettings;
import redpacket.topology.streams.TopologyDependencies;

/** Runs the pipeline on this machine with the load of a {@link DemoTraffic}, and ends with the audit. */
@Command(
        name = "demo",
        description = {
            "Run the whole pipeline on this machine: start a Kafka and a Redis, open packets, let users grab them, and"
                    + " prove from the topics that the money adds up.",
            "Needs no running servers, and leaves nothing behind."
        })
public final class DemoCommand implements AddedCommand {
    private static final int PARTITIONS = 4;
    private static final String APPLICATION_ID = "redpacket";
    private static final String SINK_GROUP = "redpacket-sink";

    /** Unanswered grabs. Enough to keep the pipeline busy, few enough that no grab waits long in a queue. */
    private static final int IN_FLIGHT = 5_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "300",
            description = "Number of packets besides the hot one. Default: 300")
    private int packets;

    @Option(
            names = "--shares",
            paramLabel = "N",
            defaultValue = "10",
            description = "Shares of each of these packets. Default: 10")
    private int shares;

    @Option(
            names = "--hot-shares",
            paramLabel = "N",
            defaultValue = "20000",
            description = "Shares of the hot packet, which gets most of the grabs. Default: 20000")
    private int hotShares;

    @Option(
            names = "--grabs",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Number of grabs. Default: 100000")
    private int grabs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the random packets, cuts and grabs. Default: a random seed")
    private Long seed;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Number of Kafka brokers: 1, or 3, each in a process of its own. Default: 1")
    private int brokers;

    @Option(names = "--keep", description = "Keep everything running afterwards, and print the addresses.")
    private boolean keep;

    private PrintWriter out;

    @Override
    // javac warns about resources that the block does not use.
    @SuppressWarnings("try")
    public Integer call() throws Exception {
        requireAtLeast(0, "--packets", packets);
        requireAtLeast(1, "--shares", shares);
        requireAtLeast(1, "--hot-shares", hotShares);
        requireAtLeast(1, "--grabs", grabs);
        if (brokers != 1 && brokers != LocalKafkaCluster.BROKERS) {
            throw new ParameterException(spec.commandLine(), "--brokers is " + brokers + "; it must be 1 or 3");
        }
        out = spec.commandLine().getOut();
        if (seed == null) {
            seed = (long) new Random().nextInt(1_000_000);
        }
        TemporaryFolder state = TemporaryFolder.create("redpacket-demo-");
        // On Ctrl-C the JVM runs both Endings before it exits.
        try (Ending deletion = Ending.of(state::delete)) {
            say("Starting %s and a Redis on this machine, seed %d ...", brokers == 1 ? "a Kafka" : "3 brokers", seed);
            try (LocalServers servers =
                            brokers == 1 ? LocalServers.start(PARTITIONS) : LocalServers.startCluster(PARTITIONS);
                    RedisConnection redis = RedisConnection.open(servers.redis());
                    ShareQueues queues = new ShareQueues(redis);
                    RedPacketApplication topology = RedPacketApplication.start(
                            new StreamsSettings(servers.kafka(), APPLICATION_ID, state.path(), 2, servers.replicas()),
                            TopologyDependencies.of(SeedSecret.of("demo secret " + seed), queues));
                    Ending close = Ending.of(topology::close)) {
                if (!keep) {
                    DemoReport report = runTraffic(servers, queues);
                    // Started after the measurement, so that it does not slow it down. It catches up in seconds.
                    try (ReadModel readModel = ReadModel.start(servers.kafka(), redis, SINK_GROUP, Retention.DEFAULT)) {
                        return audit(servers, report) ? ExitCode.GOOD : ExitCode.FAILED;
                    }
                }
                try (Metrics metrics = new Metrics();
                        Sink sink = Sink.start(sinkSettings(servers), redis, metrics)) {
                    say("The dashboard is at %s", sink.url());
                    audit(servers, runTraffic(servers, queues));
                    stayUp(servers, topology, sink);
                }
                return ExitCode.GOOD;
            }
        }
    }

    private static Sink.Settings sinkSettings(LocalServers servers) {
        return new Sink.Settings(servers.kafka(), SINK_GROUP, Retention.DEFAULT, Optional.empty(), "127.0.0.1", 0);
    }

    private DemoReport runTraffic(LocalServers servers, ShareQueues queues) throws InterruptedException {
        DemoTraffic traffic = new DemoTraffic(packets, shares, hotShares, grabs, seed);
        List<OpenPacket> opens = traffic.opens();
        DemoReport report = new DemoReport(out, opens);
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        try (PacketProducer producer = PacketProducer.connect(servers.kafka().clientSettings());
                Answers answers = new Answers(servers.kafka(), opens.size(), grabs, report.shownPackets(), inFlight)) {
            awaitAll(opens.stream().map(producer::open).toList());
            answers.awaitOpened(PATIENCE);
            long startedNanos = System.nanoTime();
            try (ProgressBar bar = Progress.of("Grabs answered", grabs)) {
                answers.onEach(bar::step);
                awaitAll(traffic.grabStream()
                        .map(grab -> {
                            acquire(inFlight);
                            return producer.grab(grab);
                        })
                        .toList());
                answers.awaitAnswered(PATIENCE);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
            report.print(answers, took, queues.calls(), IN_FLIGHT);
        }
        return report;
    }

    private boolean audit(LocalServers servers, DemoReport report) {
        say("Auditing the topics and the read model ...");
        Report audit = Audit.run(
                servers.kafka(),
                AuditOptions.STRICT.withSecret("demo secret " + seed),
                SinkStores.readModel(servers.redis()));
        report.verdict(audit);
        return audit.readModelAgrees();
    }

    private static void acquire(Semaphore inFlight) {
        try {
            if (!inFlight.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer within " + PATIENCE.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void awaitAll(List<CompletableFuture<Appended>> sent) {
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).join();
    }

    private void stayUp(LocalServers servers, RedPacketApplication topology, Sink sink) throws InterruptedException {
        String kafka = servers.kafka().bootstrapServers();
        say("");
        say("Everything stays up (%s) until you press Ctrl-C.", topology.state());
        say("  Kafka  %s", kafka);
        say("  Redis  %s", servers.redis());
        say("  Page   %s", sink.url());
        say("Open a packet and grab it from another terminal:");
        say("  ./redpacket open --kafka %s --packet lunch --sender me --cents 1000 --shares 5", kafka);
        say("  ./redpacket grab --kafka %s --packet lunch --user you", kafka);
        say("  ./redpacket watch --kafka %s", kafka);
        say("  ./redpacket watch --stats --kafka %s", kafka);
        say("Or use any other client. kcat needs the partitioner of Kafka's Java clients:");
        say(
                "  echo 'lunch|{\"grabId\":\"g1\",\"packetId\":\"lunch\",\"userId\":\"kim\"}' |"
                        + " kcat -b %s -P -t redpacket.grabs -K '|' -X topic.partitioner=murmur2_random",
                kafka);
        say("  kcat -b %s -C -t redpacket.awards -o -1 -e -X isolation.level=read_committed", kafka);
        new CountDownLatch(1).await();
    }

    private void requireAtLeast(int least, String option, int value) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; it must be at least " + least);
        }
    }

    private void say(String format, Object... arguments) {
        out.printf(format + "%n", arguments);
        out.flush();
    }
}
