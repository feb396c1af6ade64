package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.NaivePipeline;
import redpacket.events.AwardResult;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;

/** A grab in, an award out: the whole topology on a real Kafka and a real Redis. */
class PipelineIT {
    private static final int PARTITIONS = 4;
    private static final long DAY = Limits.DEFAULT_OPEN_FOR_MILLIS;

    @TempDir
    private Path stateDirectory;

    private LocalServers servers;
    private RunningPipeline pipeline;

    @BeforeEach
    void start() {
        servers = LocalServers.start(PARTITIONS);
        pipeline = RunningPipeline.start(
                servers, stateDirectory, new PacketLifetime(Duration.ofMillis(200), Duration.ofSeconds(6)));
    }

    @AfterEach
    void stop() {
        pipeline.close();
        servers.close();
    }

    @Test
    void shouldAwardEveryShareOnceWhenUsersGrab() {
        pipeline.open(packet("p", 3, 100, DAY));
        pipeline.awaitPacketEvents(1);

        pipeline.grab("p", "ann", "g1");
        pipeline.grab("p", "ann", "g1");
        pipeline.grab("p", "ann", "g2");
        pipeline.grab("p", "bob", "g3");
        RecordMetadata last = pipeline.grab("p", "cho", "g4");
        pipeline.grab("p", "dan", "g5");
        pipeline.grab("nowhere", "dan", "g6");

        List<AwardResult> awards = pipeline.awaitAwards(7);
        assertThat(awards)
                .extracting(AwardResult::packetId, AwardResult::userId, AwardResult::outcome, AwardResult::repeat)
                .containsExactlyInAnyOrder(
                        tuple("p", "ann", Outcome.AWARDED, false),
                        tuple("p", "ann", Outcome.AWARDED, true),
                        tuple("p", "ann", Outcome.ALREADY_GRABBED, false),
                        tuple("p", "bob", Outcome.AWARDED, false),
                        tuple("p", "cho", Outcome.AWARDED, false),
                        tuple("p", "dan", Outcome.SOLD_OUT, false),
                        tuple("nowhere", "dan", Outcome.UNKNOWN_PACKET, false));
        assertThat(awards.stream().filter(AwardResult::movesMoney).mapToLong(award -> award.share()
                        .cents()))
                .satisfies(cents ->
                        assertThat(cents.stream().mapToLong(c -> c).sum()).isEqualTo(100));
        assertThat(pipeline.awaitPacketEvents(2).get(1)).isInstanceOfSatisfying(PacketEvent.SoldOut.class, soldOut -> {
            assertThat(soldOut.closedAtMillis()).isEqualTo(last.timestamp());
            assertThat(soldOut.awardedCents()).isEqualTo(100);
        });
    }

    @Test
    void shouldAnswerAsTheOracleWhenRestartedInTheMiddle() {
        long seed = Long.getLong("redpacket.seed", 20260214);
        System.out.println("redpacket.seed=" + seed);
        Random random = new Random(seed);
        int packets = 60;
        int grabs = 50_000;
        for (int i = 0; i < packets; i++) {
            pipeline.open(packet("p" + i, i == 0 ? 5_000 : 1 + random.nextInt(500), 1_000_000, DAY));
        }
        pipeline.awaitPacketEvents(packets);

        List<Grab> sent = new ArrayList<>();
        List<Future<RecordMetadata>> acks = new ArrayList<>();
        for (int i = 0; i < grabs; i++) {
            Grab grab = i > 0 && random.nextInt(10) == 0
                    ? sent.get(random.nextInt(sent.size()))
                    : new Grab(
                            "g" + i,
                            random.nextInt(3) == 0 ? "p0" : "p" + random.nextInt(packets + 1),
                            "u" + random.nextInt(4_000));
            sent.add(grab);
            acks.add(pipeline.grab(grab));
            if (i == grabs / 3) {
                pipeline.flush();
                Awaitility.await().atMost(RunningPipeline.TIMEOUT).until(() -> !pipeline.awards()
                        .isEmpty());
                pipeline.stopTopology();
            }
            if (i == grabs / 2) {
                pipeline.startTopology();
            }
        }
        acks.forEach(RunningPipeline::get);

        assertThat(pipeline.awaitAwards(grabs)).isEqualTo(oracle());
    }

    @Test
    void shouldRefundWhatIsLeftWhenTheDeadlinePasses() {
        pipeline.open(packet("half", 2, 100, 6_000));
        pipeline.open(packet("untouched", 5, 100, 6_000));
        pipeline.awaitPacketEvents(2);
        pipeline.grab("half", "ann", "g1");
        AwardResult award = pipeline.awaitAwards(1).get(0);

        List<PacketEvent> events = pipeline.awaitPacketEvents(4);

        assertThat(events.stream().filter(PacketEvent.Expired.class::isInstance))
                .extracting(PacketEvent::packetId)
                .containsExactlyInAnyOrder("half", "untouched");
        assertThat(events)
                .filteredOn(event ->
                        event instanceof PacketEvent.Expired && event.packetId().equals("half"))
                .singleElement()
                .isInstanceOfSatisfying(PacketEvent.Expired.class, expired -> {
                    assertThat(expired.awardedShares()).isEqualTo(1);
                    assertThat(expired.refundedCents())
                            .isEqualTo(100 - award.share().cents());
                    assertThat(expired.luckiest().userId()).isEqualTo("ann");
                });
        // Late grabs and repeated ones get the true answer until the packet is forgotten.
        pipeline.grab("half", "bob", "g2");
        pipeline.grab("half", "ann", "g1");
        assertThat(pipeline.awaitAwards(3).subList(1, 3))
                .extracting(AwardResult::outcome)
                .containsExactly(Outcome.EXPIRED, Outcome.AWARDED);
        Awaitility.await().atMost(RunningPipeline.TIMEOUT).untilAsserted(() -> {
            RecordMetadata grab = pipeline.grab("half", "ann", "g1");
            assertThat(pipeline.awaitAnswerTo(grab).outcome()).isEqualTo(Outcome.UNKNOWN_PACKET);
        });
        assertThat(pipeline.packetEvents()).hasSize(4);
    }

    @Test
    void shouldPutAwayTheRecordWhenItCannotBeRead() {
        pipeline.open(packet("p", 1, 1, DAY));
        pipeline.awaitPacketEvents(1);

        RecordMetadata bad = RunningPipeline.get(pipeline.send(Topic.GRABS, "p", "{\"grabId\":".getBytes(UTF_8)));
        RunningPipeline.get(pipeline.send(Topic.GRABS, null, Json.write(new Grab("g", "p", "u"))));
        RunningPipeline.get(pipeline.send(Topic.GRABS, "q", Json.write(new Grab("g", "p", "u"))));
        RunningPipeline.get(pipeline.send(Topic.OPENS, "p", null));
        RecordMetadata astray = pipeline.grabInPartition((bad.partition() + 1) % PARTITIONS, "p", "eve", "g9");
        pipeline.grab("p", "ann", "g1");

        assertThat(pipeline.awaitAwards(1)).extracting(AwardResult::outcome).containsExactly(Outcome.AWARDED);
        List<ConsumerRecord<byte[], byte[]>> dead = Awaitility.await()
                .atMost(RunningPipeline.TIMEOUT)
                .until(() -> pipeline.records(Topic.DEAD_LETTERS), letters -> letters.size() == 5);
        assertThat(dead)
                .filteredOn(letter ->
                        header(letter, DeadLetterHeaders.PARTITION).equals(Integer.toString(astray.partition())))
                .anySatisfy(letter ->
                        assertThat(header(letter, DeadLetterHeaders.REASON)).contains("murmur2_random"));
        assertThat(dead)
                .filteredOn(letter -> header(letter, DeadLetterHeaders.OFFSET).equals(Long.toString(bad.offset()))
                        && header(letter, DeadLetterHeaders.REASON).startsWith("not JSON"))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(letter.key()).isEqualTo("p".getBytes(UTF_8));
                    assertThat(letter.value()).isEqualTo("{\"grabId\":".getBytes(UTF_8));
                    assertThat(header(letter, DeadLetterHeaders.TOPIC)).isEqualTo("redpacket.grabs");
                    assertThat(header(letter, DeadLetterHeaders.PARTITION))
                            .isEqualTo(Integer.toString(bad.partition()));
                });
    }

    @Test
    void shouldRejectTheOpenWhenItsTermsAreImpossible() {
        pipeline.open(packet("poor", 100, 99, DAY));
        pipeline.open(packet("p", 2, 10, DAY));
        pipeline.open(packet("p", 2, 10, DAY));
        pipeline.open(packet("p", 3, 10, DAY));

        List<PacketEvent> events = pipeline.awaitPacketEvents(4);

        assertThat(events)
                .filteredOn(PacketEvent.Rejected.class::isInstance)
                .extracting(event -> ((PacketEvent.Rejected) event).reason())
                .containsExactlyInAnyOrder(PacketEvent.Reason.FEWER_CENTS_THAN_SHARES, PacketEvent.Reason.OTHER_TERMS);
        assertThat(events).filteredOn(PacketEvent.Opened.class::isInstance).hasSize(2);
    }

    private static OpenPacket packet(String packetId, int shares, long cents, long openForMillis) {
        return new OpenPacket(packetId, "sender", cents, shares, Split.RANDOM, null, openForMillis);
    }

    /** The answers of a naive pipeline to the same log, partition by partition. */
    private List<AwardResult> oracle() {
        Map<Integer, NaivePipeline> naive = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> open : pipeline.records(Topic.OPENS)) {
            naive.computeIfAbsent(open.partition(), p -> new NaivePipeline(RunningPipeline.SECRET))
                    .open(Json.readOpen(open.value()), open.timestamp(), open.offset());
        }
        for (ConsumerRecord<byte[], byte[]> grab : pipeline.records(Topic.GRABS)) {
            naive.computeIfAbsent(grab.partition(), p -> new NaivePipeline(RunningPipeline.SECRET))
                    .grab(Json.readGrab(grab.value()), grab.timestamp(), grab.offset());
        }
        List<AwardResult> all = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            all.addAll(naive.containsKey(partition) ? naive.get(partition).awards() : Collections.emptyList());
        }
        return all;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
