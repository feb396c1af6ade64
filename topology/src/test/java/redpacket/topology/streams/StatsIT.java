package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;

/** The statistics equal a recount of the answers, whatever happened in between. */
class StatsIT {
    private static final int PACKETS = 12;
    private static final int USERS = 3_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long WINDOW_MILLIS = WindowSettings.LENGTH.toMillis();
    private static final PacketLifetime LIFETIME = new PacketLifetime(Duration.ofMillis(200), Duration.ofDays(7));
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path stateDirectory;

    private final Random random = new Random(seed());
    private final List<Grab> sent = new ArrayList<>();
    private LocalServers servers;
    private RunningPipeline pipeline;

    @BeforeEach
    void start() {
        servers = LocalServers.start(4);
        pipeline = RunningPipeline.start(servers, stateDirectory, LIFETIME);
    }

    @AfterEach
    void stop() {
        pipeline.close();
        servers.close();
    }

    /**
     * Packets of two campaigns and of none. Grabs are sent all the time. Meanwhile the topology is stopped, continues
     * in a process that is killed at work, and starts again. Some packets expire while no topology runs.
     */
    @Test
    void shouldEqualARecountWhenStoppedAndKilledInTheMiddle() {
        for (int i = 0; i < PACKETS; i++) {
            pipeline.open(packet(i));
        }
        pipeline.awaitPacketEvents(PACKETS);
        pipeline.open(packet(0));
        grab(2_000);
        Awaitility.await().atMost(PATIENCE).until(() -> pipeline.awards().size() > 500);
        pipeline.stopTopology();

        grab(2_000);
        try (TopologyProcess process = TopologyProcess.start(servers, stateDirectory, LIFETIME)) {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                // More grabs, so that the process is at work when it is killed.
                grab(200);
                return pipeline.awards().size() > 3_000;
            });
            assertThat(process.isAlive()).isTrue();
        }
        pipeline.startTopology();
        grab(2_000);
        pipeline.open(packet(0));

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(pipeline.awards())
                .hasSize(sent.size()));
        Map<String, Counters> recount = Awaitility.await().atMost(PATIENCE).until(this::recount, this::isPublished);
        assertThat(recount.keySet())
                .anyMatch(key -> key.startsWith("all@"))
                .anyMatch(key -> key.startsWith("campaign/campaign-1@"))
                .anyMatch(key -> key.startsWith("campaign/campaign-2@"));
        // A repeated command opens nothing.
        assertThat(lastByKey().values().stream()
                        .filter(window -> window.scope().equals(WindowStats.ALL))
                        .mapToLong(window -> window.counters().packetsOpened())
                        .sum())
                .isEqualTo(PACKETS);
        Report report = Audit.run(servers.kafka(), AuditOptions.STRICT.withSecret(RunningPipeline.SECRET));
        assertThat(report.violations()).isEmpty();
        assertThat(report.statistics().windows()).isEqualTo(recount.size());
    }

    private void grab(int grabs) {
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        for (int i = 0; i < grabs; i++) {
            Grab grab = !sent.isEmpty() && random.nextInt(10) == 0
                    ? sent.get(random.nextInt(sent.size()))
                    : new Grab("g" + sent.size(), "p" + random.nextInt(PACKETS + 1), "u" + random.nextInt(USERS));
            sent.add(grab);
            acks.add(pipeline.grab(grab));
        }
        acks.forEach(RunningPipeline::get);
    }

    private static OpenPacket packet(int number) {
        String campaign = number % 3 == 0 ? null : "campaign-" + number % 3;
        // The last ones expire, usually while the topology is stopped. They have more shares than there are users, so
        // that they are never sold out first.
        boolean expires = number >= PACKETS - 3;
        int shares = expires ? USERS + 1 : 300;
        long openForMillis = expires ? 10_000 : HOUR;
        return new OpenPacket("p" + number, "sender", 100_000, shares, Split.RANDOM, campaign, openForMillis);
    }

    private Map<String, Counters> recount() {
        Map<String, Counters> counters = new HashMap<>();
        for (AwardResult award : pipeline.awards()) {
            add(counters, award.grabbedAtMillis(), award.campaign(), award.currency(), Counters.of(award));
        }
        Set<String> opened = new HashSet<>();
        for (PacketEvent event : pipeline.packetEvents()) {
            event.handle(
                    first -> {
                        if (opened.add(first.packetId())) {
                            add(
                                    counters,
                                    first.openedAtMillis(),
                                    first.campaign(),
                                    first.currency(),
                                    Counters.of(first));
                        }
                    },
                    closed -> add(
                            counters,
                            closed.closedAtMillis(),
                            closed.campaign(),
                            closed.currency(),
                            Counters.of(closed)),
                    rejected -> {},
                    cancelAnswered -> {});
        }
        return counters;
    }

    private static void add(
            Map<String, Counters> counters, long atMillis, String campaign, String currency, Counters more) {
        String window = "@" + WindowStats.windowStartMillis(atMillis, WINDOW_MILLIS);
        Counters plain = currency == null ? more : more.withoutMoney();
        counters.merge(WindowStats.ALL + window, plain, Counters::plus);
        if (campaign != null) {
            counters.merge(WindowStats.scopeOfCampaign(campaign) + window, plain, Counters::plus);
        }
        if (currency != null) {
            counters.merge(WindowStats.ALL + "/" + currency + window, more, Counters::plus);
        }
        if (campaign != null && currency != null) {
            counters.merge(WindowStats.scopeOfCampaign(campaign) + "/" + currency + window, more, Counters::plus);
        }
    }

    /** Whether expired packets are closed, and the statistics equal the recount in closed windows. */
    private boolean isPublished(Map<String, Counters> recount) {
        Map<String, WindowStats> published = lastByKey();
        Map<String, Counters> counters = new HashMap<>();
        published.forEach((key, window) -> counters.put(key, window.counters()));
        long expired =
                recount.values().stream().mapToLong(Counters::packetsExpired).sum();
        return expired > 0
                && counters.equals(recount)
                && published.values().stream().allMatch(WindowStats::closed);
    }

    /** The newest statistics of each window. Asserts that revisions grow, and that closed windows stay closed. */
    private Map<String, WindowStats> lastByKey() {
        Map<String, WindowStats> last = new HashMap<>();
        pipeline.records(Topic.STATS).forEach(record -> {
            WindowStats window = Json.readStats(record.value());
            assertThat(new String(record.key(), UTF_8)).isEqualTo(window.key());
            WindowStats before = last.put(window.key(), window);
            assertThat(window.revision()).isEqualTo(before == null ? 1 : before.revision() + 1);
            assertThat(before == null || !before.closed() || window.closed()).isTrue();
        });
        return last;
    }

    private static long seed() {
        long seed = Long.getLong("redpacket.seed", 20260215);
        System.out.println("redpacket.seed=" + seed);
        return seed;
    }
}
