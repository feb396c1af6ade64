package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import redpacket.audit.NaivePipeline;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Counters;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.FetchedGrabs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;
import redpacket.topology.stores.InputTopics;

/**
 * The whole topology in the test driver of Kafka Streams, with a real Redis, and the naive pipeline with the same
 * input. The driver has one task, commits after each record, and its clock stands still unless a test advances it.
 */
final class DrivenTopology implements AutoCloseable {
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final long START = 1_771_257_600_000L;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LookAhead lookAhead = new LookAhead();
    private final ConsumerInterceptor<byte[], byte[]> consumer = FetchedGrabs.consumerOf(lookAhead);
    private final ShareQueues queues;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> opens;
    private final TestInputTopic<byte[], byte[]> grabs;
    private final TestOutputTopic<byte[], byte[]> awards;
    private final TestOutputTopic<byte[], byte[]> packets;
    private final TestOutputTopic<byte[], byte[]> appended;
    private final TestOutputTopic<byte[], byte[]> stats;
    private final TestOutputTopic<byte[], byte[]> deadLetters;

    private final NaivePipeline naive;
    private final List<AwardResult> answers = new ArrayList<>();
    private final List<PacketEvent> events = new ArrayList<>();
    private final List<Headers> headersOfAnswers = new ArrayList<>();
    private final List<Headers> headersOfEvents = new ArrayList<>();
    private final Map<String, WindowStats> windows = new HashMap<>();
    private long nowMillis = START;
    private long openOffset;
    private long grabOffset;
    private int ticks;
    private int unreadable;

    /**
     * Starts with an empty Redis.
     *
     * @param memory bytes for the packets at hand
     */
    DrivenTopology(RedisConnection redis, Path stateDirectory, long memory, Duration retention) {
        String secret = "only for the tests, 32 characters";
        redis.commands().flushall().toCompletableFuture().join();
        queues = new ShareQueues(redis);
        naive = new NaivePipeline(secret);
        TopologyDependencies dependencies = new TopologyDependencies(
                SeedSecret.of(secret),
                queues,
                new PacketLifetime(GRACE, retention),
                WindowSettings.of(SECOND, GRACE),
                new LiveMemory(memory));
        Properties settings = new Properties();
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        driver = new TopologyTestDriver(
                RedPacketTopology.build(dependencies, 1, lookAhead, new DrainedInputs(), InputTopics.UNKNOWN),
                settings,
                Instant.ofEpochMilli(START));
        opens = input(Topic.OPENS);
        grabs = input(Topic.GRABS);
        awards = output(Topic.AWARDS);
        packets = output(Topic.PACKETS);
        appended = output(Topic.GRABS);
        stats = output(Topic.STATS);
        deadLetters = output(Topic.DEAD_LETTERS);
    }

    void open(OpenPacket command) {
        open(command, new RecordHeaders());
    }

    void open(OpenPacket command, Headers headers) {
        opens.pipeInput(record(command.packetId(), Json.write(command), headers));
        naive.open(command, nowMillis, openOffset++);
        read();
    }

    void cancel(CancelPacket command) {
        opens.pipeInput(record(command.packetId(), Json.write(command), new RecordHeaders()));
        naive.cancel(command, nowMillis, openOffset++, grabOffset);
        read();
    }

    void grab(Grab grab) {
        grab(grab, new RecordHeaders());
    }

    void grab(Grab grab, Headers headers) {
        grabs.pipeInput(record(grab.packetId(), Json.write(grab), headers));
        naive.timePasses(nowMillis, GRACE);
        naive.grab(grab, nowMillis, grabOffset++);
        read();
    }

    void putUnreadableGrab() {
        grabs.pipeInput(record("p0", bytes("{"), new RecordHeaders()));
        grabOffset++;
        unreadable++;
    }

    void putUnreadableOpen() {
        opens.pipeInput(record("p0", bytes("{"), new RecordHeaders()));
        openOffset++;
        unreadable++;
    }

    /** As if a consumer had fetched grabs of these packets. */
    void fetch(List<String> packetIds) {
        consumer.onConsume(FetchedGrabs.records(Map.of(FetchedGrabs.partition(Topic.GRABS, 0), packetIds)));
    }

    /** Time goes on by the clock of the broker and that of the topology; only the broker's can be set back. */
    void pass(long millis) {
        nowMillis += millis;
        if (millis > 0) {
            driver.advanceWallClockTime(Duration.ofMillis(millis));
        }
        // The driver has put what the topology appended to the grabs into the topology already.
        for (TestRecord<byte[], byte[]> tick : appended.readRecordsToList()) {
            assertThat(tick.value()).isNull();
            grabOffset++;
            ticks++;
            naive.timePasses(tick.timestamp(), GRACE);
        }
        read();
    }

    long nowMillis() {
        return nowMillis;
    }

    int ticks() {
        return ticks;
    }

    List<AwardResult> answers() {
        return answers;
    }

    AwardResult lastAnswer() {
        return answers.get(answers.size() - 1);
    }

    List<PacketEvent> events() {
        return events;
    }

    /** In the order of {@link #answers}. */
    List<Headers> headersOfAnswers() {
        return headersOfAnswers;
    }

    /** In the order of {@link #events}. */
    List<Headers> headersOfEvents() {
        return headersOfEvents;
    }

    /** Compares every answer and every event; packets that are due at once are closed in an order of their own. */
    void assertAnswersAsTheNaivePipeline() {
        assertThat(answers).isEqualTo(naive.awards());
        assertThat(events).hasSameSizeAs(naive.packetEvents());
        Set<String> packetIds = new HashSet<>();
        events.forEach(event -> packetIds.add(event.packetId()));
        for (String packetId : packetIds) {
            assertThat(events.stream().filter(event -> event.packetId().equals(packetId)))
                    .containsExactlyElementsOf(naive.packetEventsOf(packetId));
        }
        assertThat(deadLetters.readRecordsToList()).hasSize(unreadable);
    }

    /** Compares the statistics with a recount; to be called when all windows are closed. */
    void assertCountsWhatItAnswered() {
        Map<String, Counters> published = new HashMap<>();
        windows.forEach((key, window) -> {
            assertThat(window.closed()).as(key).isTrue();
            published.put(key, window.counters());
        });
        assertThat(published).isNotEmpty().isEqualTo(recount());
    }

    @Override
    public void close() {
        driver.close();
        queues.close();
    }

    private Map<String, Counters> recount() {
        Map<String, Counters> counters = new HashMap<>();
        answers.forEach(answer ->
                add(counters, answer.grabbedAtMillis(), answer.campaign(), answer.currency(), Counters.of(answer)));
        Set<String> opened = new HashSet<>();
        events.forEach(event -> event.handle(
                first -> {
                    if (opened.add(first.packetId())) {
                        add(counters, first.openedAtMillis(), first.campaign(), first.currency(), Counters.of(first));
                    }
                },
                closed -> add(
                        counters, closed.closedAtMillis(), closed.campaign(), closed.currency(), Counters.of(closed)),
                rejected -> {},
                cancelAnswered -> {}));
        return counters;
    }

    private static void add(
            Map<String, Counters> counters, long atMillis, String campaign, String currency, Counters more) {
        String window = "@" + WindowStats.windowStartMillis(atMillis, SECOND.toMillis());
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

    private void read() {
        for (TestRecord<byte[], byte[]> award : awards.readRecordsToList()) {
            answers.add(Json.readAward(award.value()));
            headersOfAnswers.add(award.headers());
        }
        for (TestRecord<byte[], byte[]> event : packets.readRecordsToList()) {
            events.add(Json.readPacketEvent(event.value()));
            headersOfEvents.add(event.headers());
        }
        for (byte[] json : stats.readValuesToList()) {
            WindowStats window = Json.readStats(json);
            WindowStats before = windows.put(window.key(), window);
            assertThat(window.revision()).isGreaterThan(before == null ? 0 : before.revision());
        }
    }

    private TestRecord<byte[], byte[]> record(String packetId, byte[] value, Headers headers) {
        return new TestRecord<>(bytes(packetId), value, headers, Instant.ofEpochMilli(nowMillis));
    }

    private TestInputTopic<byte[], byte[]> input(Topic topic) {
        return driver.createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<byte[], byte[]> output(Topic topic) {
        return driver.createOutputTopic(topic.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
