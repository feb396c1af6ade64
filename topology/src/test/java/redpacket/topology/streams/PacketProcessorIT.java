package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.audit.TermsMix;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.CancelPacket;
import redpacket.events.Grab;
import redpacket.events.Limits;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.parts.LocalRedis;
import redpacket.topology.packet.Decision;

/** The processor in its topology: whatever happens in a partition, it answers as the naive pipeline does. */
class PacketProcessorIT {
    private static final int HISTORIES = 40;

    /** More are played only if something rare did not happen yet. */
    private static final int MOST_HISTORIES = 10 * HISTORIES;
    /** Bytes of a packet with few shares and winners, roughly. */
    private static final int ONE_PACKET = 1_200;

    private static final int MANY = 100_000_000;
    private static final Duration DAY = Duration.ofDays(1);

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Headers> HEADERS = (headers, name) -> {
        Header header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    };

    private static LocalRedis server;
    private static RedisConnection redis;

    @TempDir
    private Path folder;

    private static final List<String> USERS = List.of("u0", "u1", "u2", "u3", "u4", "u5", "u6", "u7");

    @BeforeAll
    static void startRedis() {
        server = LocalRedis.start();
        redis = RedisConnection.open(server.address());
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
        server.close();
    }

    /** Together the histories must reach every outcome, or the comparison would be worth nothing. */
    @Test
    void shouldAnswerAsTheNaivePipelineWhateverHappens() {
        Long given = Long.getLong("redpacket.seed");
        Set<Object> reached = new HashSet<>();
        Set<Object> wanted = given == null ? everything() : Set.of();
        int histories = 0;
        while (histories < (given == null ? HISTORIES : 1)
                || (histories < MOST_HISTORIES && !reached.containsAll(wanted))) {
            long seed = given == null ? new Random().nextLong() : given;
            System.out.println("redpacket.seed=" + seed);
            play(new Random(seed), folder.resolve("history-" + histories), reached);
            histories++;
        }

        assertThat(reached).containsAll(wanted);
    }

    private static Set<Object> everything() {
        Set<Object> everything = new HashSet<>(List.of(
                Decision.SAME_SHARE_AGAIN,
                PacketEvent.Opened.class,
                PacketEvent.SoldOut.class,
                PacketEvent.Expired.class,
                PacketEvent.Cancelled.class,
                PacketEvent.Reason.NO_SHARES,
                PacketEvent.Reason.TOO_MANY_CENTS,
                PacketEvent.Reason.IMPOSSIBLE_DURATION,
                PacketEvent.Reason.IMPOSSIBLE_START,
                PacketEvent.Reason.IMPOSSIBLE_BOUNDS,
                PacketEvent.Reason.IMPOSSIBLE_PRIZES,
                PacketEvent.Reason.IMPOSSIBLE_USERS,
                PacketEvent.Reason.OTHER_TERMS,
                "a tick"));
        everything.addAll(List.of(Outcome.values()));
        everything.addAll(List.of(PacketEvent.CancelOutcome.values()));
        return everything;
    }

    /** The answer to a grab id is fixed from the opening of its packet on. A grab that came too early may still win. */
    @Test
    void shouldGiveTheSameGrabTheSameAnswerOnlyOnceItsPacketIsOpen() {
        with(MANY, DAY, topology -> {
            Grab grab = new Grab("g", "p", "kim");
            topology.grab(grab);
            topology.open(new OpenPacket("p", "sender", 100, 1, Split.RANDOM, null, 10_000));
            topology.grab(grab);
            topology.grab(grab);
            topology.pass(20_000);
            topology.grab(grab);

            assertThat(topology.answers())
                    .extracting(AwardResult::outcome)
                    .containsExactly(Outcome.UNKNOWN_PACKET, Outcome.AWARDED, Outcome.AWARDED, Outcome.AWARDED);
            assertThat(topology.answers()).extracting(AwardResult::repeat).containsExactly(false, false, true, true);
        });
    }

    /** A client opens and grabs in a span. A reader starts a span for each answer. All are one trace. */
    @Test
    void shouldCarryTheTraceOfACommandToItsAnswer() {
        List<ReadableSpan> spans = new ArrayList<>();
        try (SdkTracerProvider provider =
                SdkTracerProvider.builder().addSpanProcessor(collecting(spans)).build()) {
            Tracer tracer = provider.get("test");
            Span client = tracer.spanBuilder("client").startSpan();
            Headers trace = new RecordHeaders().add("other", new byte[1]);
            W3C.inject(
                    Context.root().with(client),
                    trace,
                    (headers, name, value) -> headers.add(name, value.getBytes(UTF_8)));
            with(MANY, DAY, topology -> {
                topology.open(new OpenPacket("p", "sender", 100, 1, Split.RANDOM, null, 10_000), trace);
                topology.open(new OpenPacket("p", "sender", 101, 1, Split.RANDOM, null, 10_000), trace);
                topology.grab(new Grab("g", "p", "kim"), trace);
                topology.grab(new Grab("h", "p", "lee"), trace);
                topology.grab(new Grab("i", "q", "lee"), trace);
                topology.grab(new Grab("j", "p", "mei"));

                List<Headers> answers =
                        new ArrayList<>(topology.headersOfAnswers().subList(0, 3));
                answers.addAll(topology.headersOfEvents().subList(0, 2));
                assertThat(answers).allSatisfy(headers -> assertThat(headers).hasSize(1));
                answers.forEach(headers -> tracer.spanBuilder("reader")
                        .setParent(W3C.extract(Context.root(), headers, HEADERS))
                        .startSpan());
                assertThat(topology.headersOfAnswers().get(3)).isEmpty();
                assertThat(topology.events().get(2)).isInstanceOf(PacketEvent.SoldOut.class);
                assertThat(topology.headersOfEvents().get(2)).isEmpty();
            });

            assertThat(spans)
                    .hasSize(6)
                    .extracting(span -> span.getSpanContext().getTraceId())
                    .containsOnly(client.getSpanContext().getTraceId());
            assertThat(spans.subList(1, 6))
                    .extracting(span -> span.getParentSpanContext().getSpanId())
                    .containsOnly(client.getSpanContext().getSpanId());
        }
    }

    private static SpanProcessor collecting(List<ReadableSpan> started) {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                started.add(span);
            }

            @Override
            public boolean isStartRequired() {
                return true;
            }

            @Override
            public void onEnd(ReadableSpan span) {}

            @Override
            public boolean isEndRequired() {
                return false;
            }
        };
    }

    /** Some histories have room for only one or two packets at hand, fewer than the look-ahead names. */
    private static void play(Random random, Path stateDirectory, Set<Object> reached) {
        int memory = random.nextBoolean() ? random.nextInt(4 * ONE_PACKET) : MANY;
        try (DrivenTopology topology = new DrivenTopology(redis, stateDirectory, memory, DAY)) {
            for (int step = 0; step < 250; step++) {
                // Now and then the broker's clock is set back.
                topology.pass(random.nextInt(1_700) - 200);
                switch (random.nextInt(24)) {
                    case 0, 1, 2 -> topology.open(anyCommand(random, topology.nowMillis()));
                    case 7 -> topology.cancel(anyCancel(random));
                    case 3 -> topology.putUnreadableGrab();
                    case 4 -> topology.putUnreadableOpen();
                    case 5 -> topology.pass(random.nextInt(10_000));
                    case 6 -> topology.fetch(List.of("p0", "p1", "p2", "nowhere", "p3", "p4"));
                    default -> topology.grab(anyGrab(random));
                }
            }
            for (int second = 0; second < 60; second++) {
                topology.pass(1_000);
            }

            topology.assertAnswersAsTheNaivePipeline();
            topology.assertCountsWhatItAnswered();
            for (AwardResult answer : topology.answers()) {
                reached.add(answer.repeat() ? Decision.SAME_SHARE_AGAIN : answer.outcome());
            }
            for (PacketEvent event : topology.events()) {
                reached.add(event.match(
                        opened -> opened.getClass(),
                        closed -> closed.getClass(),
                        PacketEvent.Rejected::reason,
                        PacketEvent.CancelAnswered::outcome));
            }
            if (topology.ticks() > 0) {
                reached.add("a tick");
            }
        }
    }

    @Test
    void shouldAnswerRightWhenTheLookAheadNamesMorePacketsThanAreKeptAtHand() {
        with(2 * ONE_PACKET, DAY, topology -> {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ids.add("p" + i);
                topology.open(new OpenPacket("p" + i, "sender", 100, 5, Split.RANDOM, null, 1_000_000));
            }

            for (int round = 0; round < 6; round++) {
                topology.fetch(ids);
                for (String id : ids) {
                    topology.grab(new Grab("g" + round, id, "u" + round));
                }
            }

            topology.assertAnswersAsTheNaivePipeline();
            assertThat(topology.answers().stream().filter(AwardResult::movesMoney))
                    .hasSize(100);
            assertThat(topology.answers().stream().filter(answer -> answer.outcome() == Outcome.SOLD_OUT))
                    .hasSize(20);
        });
    }

    @Test
    void shouldCloseEveryPacketOnceWhenMoreAreDueThanOneRecordMayClose() {
        with(MANY, DAY, topology -> {
            for (int i = 0; i < 350; i++) {
                topology.open(new OpenPacket("p" + i, "sender", 100, 5, Split.RANDOM, null, 1_000));
            }

            // A tick closes 100 of them, so does each grab, and the clock the rest.
            topology.pass(1_000 + DrivenTopology.GRACE.toMillis());
            assertThat(topology.events()).hasSize(350 + 100);
            topology.grab(new Grab("g", "p0", "kim"));
            topology.grab(new Grab("g", "p349", "lee"));
            assertThat(topology.events()).hasSize(350 + 300);
            topology.pass(1_000);

            topology.assertAnswersAsTheNaivePipeline();
            assertThat(topology.events()).hasSize(700);
        });
    }

    @Test
    void shouldCloseAPacketOnItsOwnWhenNobodyGrabs() {
        with(MANY, DAY, topology -> {
            topology.open(new OpenPacket("p", "sender", 100, 5, Split.RANDOM, null, 1_000));

            for (int second = 0; second < 10; second++) {
                topology.pass(1_000);
            }

            assertThat(topology.ticks()).isOne();
            assertThat(topology.events()).hasSize(2).last().isInstanceOf(PacketEvent.Expired.class);
            topology.assertAnswersAsTheNaivePipeline();
            topology.assertCountsWhatItAnswered();
        });
    }

    @Test
    void shouldForgetAPacketWhenItsRetentionIsOver() {
        with(MANY, Duration.ofSeconds(10), topology -> {
            OpenPacket command = new OpenPacket("p", "sender", 100, 2, Split.RANDOM, "spring", 1_000);
            Grab grab = new Grab("g", "p", "kim");
            topology.open(command);
            topology.grab(grab);
            topology.pass(1_000 + DrivenTopology.GRACE.toMillis());
            topology.pass(9_999);
            topology.grab(grab);
            assertThat(topology.lastAnswer().repeat()).isTrue();

            topology.pass(1);
            topology.grab(grab);
            assertThat(topology.lastAnswer().outcome()).isEqualTo(Outcome.UNKNOWN_PACKET);
            assertThat(topology.lastAnswer().campaign()).isNull();

            // Its id may be used again, and nothing of before is left.
            topology.open(command);
            topology.grab(grab);
            assertThat(topology.lastAnswer().movesMoney()).isTrue();
            assertThat(topology.lastAnswer().share().index()).isZero();
            assertThat(topology.events())
                    .extracting(event -> (Object) event.getClass())
                    .containsExactly(PacketEvent.Opened.class, PacketEvent.Expired.class, PacketEvent.Opened.class);
        });
    }

    @Test
    void shouldGiveTheSameSharesWhenRedisLosesThemAgainAndAgain() {
        with(MANY, DAY, topology -> {
            topology.open(new OpenPacket("p", "sender", 100_000, 2_000, Split.RANDOM, null, 1_000_000));
            for (int i = 0; i < 2_001; i++) {
                if (i % 300 == 150) {
                    redis.commands().flushall().toCompletableFuture().join();
                }
                topology.grab(new Grab("g" + i, "p", "u" + i));
            }

            topology.assertAnswersAsTheNaivePipeline();
        });
    }

    /** The packet is evicted after it opened. It is ready again before its start, and its grabs need no Redis. */
    @Test
    void shouldMeetNoRedisWhenAScheduledPacketStarts() {
        with(ONE_PACKET, DAY, topology -> {
            long start = topology.nowMillis() + 3_600_000;
            topology.open(new OpenPacket("p", "sender", 1_000, 50, Split.RANDOM, null, 60_000).withStart(start));
            topology.open(new OpenPacket("q", "sender", 100, 5, Split.RANDOM, null, 36_000_000));
            topology.grab(new Grab("g", "q", "kim"));
            for (long left = start - topology.nowMillis(); left > 1_000; left -= 1_000) {
                topology.pass(1_000);
            }
            server.pause();
            try {
                topology.grab(new Grab("early", "p", "u0"));
                topology.pass(1_000);
                for (int i = 0; i < 50; i++) {
                    topology.grab(new Grab("g", "p", "u" + i));
                }
            } finally {
                server.resume();
            }

            assertThat(topology.answers().get(1).outcome()).isEqualTo(Outcome.NOT_STARTED);
            assertThat(topology.answers().subList(2, 52)).allMatch(AwardResult::movesMoney);
            topology.assertAnswersAsTheNaivePipeline();
        });
    }

    @Test
    void shouldRefundOnceAndTellTheSameAgainWhenAPacketIsCancelled() {
        with(MANY, DAY, topology -> {
            topology.open(new OpenPacket("p", "sender", 100, 5, Split.EQUAL, null, 10_000));
            topology.grab(new Grab("g", "p", "kim"));
            topology.cancel(new CancelPacket("p", "other", "Why"));
            topology.cancel(new CancelPacket("p", "sender", "Why"));
            topology.cancel(new CancelPacket("p", "sender", "Once more"));
            topology.grab(new Grab("h", "p", "lee"));
            topology.grab(new Grab("g", "p", "kim"));
            topology.pass(60_000);
            topology.cancel(new CancelPacket("p", "sender", "Later"));

            assertThat(topology.answers())
                    .extracting(AwardResult::outcome)
                    .containsExactly(Outcome.AWARDED, Outcome.CANCELLED, Outcome.AWARDED);
            assertThat(topology.events())
                    .filteredOn(PacketEvent.Closed.class::isInstance)
                    .singleElement()
                    .isInstanceOfSatisfying(PacketEvent.Cancelled.class, cancelled -> {
                        assertThat(cancelled.refundedCents()).isEqualTo(80);
                        assertThat(cancelled.fromGrabOffset()).isOne();
                    });
            assertThat(topology.events())
                    .filteredOn(PacketEvent.CancelAnswered.class::isInstance)
                    .extracting(event -> ((PacketEvent.CancelAnswered) event).outcome())
                    .containsExactly(
                            PacketEvent.CancelOutcome.OTHER_SENDER,
                            PacketEvent.CancelOutcome.CANCELLED,
                            PacketEvent.CancelOutcome.CANCELLED,
                            PacketEvent.CancelOutcome.CANCELLED);
            topology.assertAnswersAsTheNaivePipeline();
        });
    }

    private void with(int memory, Duration retention, Consumer<DrivenTopology> test) {
        try (DrivenTopology topology = new DrivenTopology(redis, folder, memory, retention)) {
            test.accept(topology);
        }
    }

    /** Few ids, so that packets, users and grabs meet often; short times, so that deadlines pass. */
    private static OpenPacket anyCommand(Random random, long nowMillis) {
        String packetId = "p" + random.nextInt(5);
        int shares = 1 + random.nextInt(6);
        return switch (random.nextInt(7)) {
            case 0 -> new OpenPacket(packetId, "eve", 7, -random.nextInt(3), Split.EQUAL, null, 5_000);
            case 1 -> new OpenPacket(packetId, "eve", Long.MAX_VALUE, 3, Split.EQUAL, null, 5_000);
            case 2 -> new OpenPacket(packetId, "eve", 7, 7, Split.EQUAL, null, Limits.MAX_OPEN_FOR_MILLIS + 1);
            case 3, 4 -> new OpenPacket(packetId, "twin", 50, 4, Split.RANDOM, "spring", 20_000);
            default ->
                new TermsMix(random, USERS, 30_000)
                        .addTo(
                                new OpenPacket(
                                        packetId,
                                        random.nextBoolean() ? "ann" : "bob",
                                        shares + random.nextInt(40),
                                        shares,
                                        random.nextBoolean() ? Split.RANDOM : Split.EQUAL,
                                        random.nextInt(3) == 0 ? null : "autumn",
                                        1 + random.nextInt(30_000)),
                                nowMillis);
        };
    }

    private static CancelPacket anyCancel(Random random) {
        String packetId = random.nextInt(12) == 0 ? "nowhere" : "p" + random.nextInt(5);
        return new CancelPacket(packetId, random.nextBoolean() ? "twin" : random.nextBoolean() ? "ann" : "bob", "Why");
    }

    private static Grab anyGrab(Random random) {
        String packetId = random.nextInt(12) == 0 ? "nowhere" : "p" + random.nextInt(5);
        return new Grab("g" + random.nextInt(3), packetId, USERS.get(random.nextInt(USERS.size())));
    }
}
