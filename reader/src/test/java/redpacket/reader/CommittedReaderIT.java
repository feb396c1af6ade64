package redpacket.reader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.TraceContext;
import redpacket.parts.LocalKafka;
import redpacket.parts.LocalServers;

class CommittedReaderIT {
    private static final Duration A_MOMENT = Duration.ofMillis(100);

    private final Map<String, Object> kafka = LocalServers.shared().kafka().clientSettings();
    private final String packetId = "packet-" + UUID.randomUUID();
    private final Heard heard = new Heard();
    private KafkaProducer<byte[], byte[]> pipeline;

    @BeforeEach
    void beThePipeline() {
        Map<String, Object> settings = LocalServers.shared().kafka().clientSettings();
        settings.put("transactional.id", packetId);
        pipeline = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        pipeline.initTransactions();
    }

    @AfterEach
    void closePipeline() {
        pipeline.close(Duration.ZERO);
    }

    @Test
    void shouldNotSeeResultsWhenTheirTransactionIsAborted() {
        try (CommittedReader reader = CommittedReader.fromNow(kafka, Set.of(Topic.AWARDS))) {
            pipeline.beginTransaction();
            send(Topic.AWARDS, award("never"));
            pipeline.flush();
            pipeline.abortTransaction();
            commit("first");
            commit("second");

            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.grabIds).containsExactly("first", "second");
            });
        }
    }

    @Test
    void shouldSeeOnlyWhatComesLaterWhenReadingFromNow() {
        commit("before");
        try (CommittedReader reader = CommittedReader.fromNow(kafka, EnumSet.of(Topic.AWARDS, Topic.PACKETS))) {
            commit("after");
            pipeline.beginTransaction();
            send(Topic.PACKETS, Json.write(rejected()));
            pipeline.commitTransaction();

            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.events).containsExactly(rejected());
                assertThat(heard.grabIds).containsExactly("after");
            });
        }
    }

    @Test
    void shouldSeeEverythingWhenReadingFromBeginning() {
        commit("one");
        commit("two");
        try (CommittedReader reader = CommittedReader.fromBeginning(kafka, Set.of(Topic.AWARDS))) {
            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.grabIds).containsExactly("one", "two");
            });
        }
    }

    @Test
    void shouldGetABatchAgainWhenTheListenerFailedOnIt() {
        commit("kept");
        try (CommittedReader reader = inGroup()) {
            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.grabIds).containsExactly("kept");
            });
        }
        commit("lost");
        try (CommittedReader reader = inGroup()) {
            assertThatThrownBy(() -> await().until(() -> reader.poll(A_MOMENT, new Failing()) < 0))
                    .hasStackTraceContaining("disk full");
        }
        try (CommittedReader reader = inGroup()) {
            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.grabIds).containsExactly("kept", "lost");
            });
        }
    }

    @Test
    void shouldGoOnWhenARecordIsUnreadable() {
        try (CommittedReader reader = CommittedReader.fromNow(kafka, Set.of(Topic.AWARDS))) {
            pipeline.beginTransaction();
            send(Topic.AWARDS, "{".getBytes(UTF_8));
            pipeline.commitTransaction();
            commit("next");

            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, heard);
                assertThat(heard.grabIds).containsExactly("next");
            });
        }
    }

    @Test
    void shouldTellTheTraceOfAnEventWhenItHasOne() {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        List<TraceContext> traces = new ArrayList<>();
        try (CommittedReader reader = CommittedReader.fromNow(kafka, Set.of(Topic.AWARDS))) {
            pipeline.beginTransaction();
            send(Topic.AWARDS, award("none"));
            send(Topic.AWARDS, award("whole"), "traceparent", parent, "tracestate", "vendor=1");
            send(Topic.AWARDS, award("parent"), "traceparent", parent, "tracestate", null);
            send(Topic.AWARDS, award("invalid"), "traceparent", "00", "tracestate", "vendor=1");
            send(Topic.AWARDS, award("null"), "traceparent", null);
            pipeline.commitTransaction();

            await().untilAsserted(() -> {
                reader.poll(A_MOMENT, new ResultListener() {
                    @Override
                    public void onAward(Committed<AwardResult> award) {
                        if (award.event().packetId().equals(packetId)) {
                            traces.add(award.trace());
                        }
                    }
                });
                assertThat(traces)
                        .containsExactly(
                                TraceContext.NONE,
                                new TraceContext(parent, "vendor=1"),
                                new TraceContext(parent, null),
                                TraceContext.NONE,
                                TraceContext.NONE);
            });
        }
    }

    @Test
    void shouldSaySoWhenThereAreNoTopicsOrNoKafka() {
        try (LocalKafka empty = LocalKafka.start()) {
            assertThatThrownBy(() -> CommittedReader.fromNow(empty.address().clientSettings(), Set.of(Topic.AWARDS)))
                    .isInstanceOf(MissingTopicException.class)
                    .hasMessageContaining("redpacket.awards");
        }
        Map<String, Object> nobody = Map.of("bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", 200);
        assertThatThrownBy(() -> CommittedReader.fromNow(nobody, Set.of(Topic.AWARDS)))
                .isInstanceOf(TimeoutException.class);
    }

    private CommittedReader inGroup() {
        return CommittedReader.inGroup(kafka, packetId, Set.of(Topic.AWARDS));
    }

    private void commit(String grabId) {
        pipeline.beginTransaction();
        send(Topic.AWARDS, award(grabId));
        pipeline.commitTransaction();
    }

    /** Sends a record with headers, whose names and values come in turn. */
    private void send(Topic topic, byte[] value, String... headers) {
        var record = new ProducerRecord<>(topic.topicName(), packetId.getBytes(UTF_8), value);
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], headers[i + 1] == null ? null : headers[i + 1].getBytes(UTF_8));
        }
        var unused = pipeline.send(record);
    }

    private byte[] award(String grabId) {
        return Json.write(
                new AwardResult(packetId, grabId, "bob", null, Outcome.UNKNOWN_PACKET, null, false, 1_000, 0));
    }

    private PacketEvent rejected() {
        return new PacketEvent.Rejected(packetId, PacketEvent.Reason.NO_SHARES, "a packet needs a share", 0);
    }

    /** Keeps what is about this test's packet. */
    private final class Heard implements ResultListener {
        private final List<String> grabIds = new ArrayList<>();
        private final List<PacketEvent> events = new ArrayList<>();

        @Override
        public void onAward(Committed<AwardResult> award) {
            if (award.event().packetId().equals(packetId)) {
                grabIds.add(award.event().grabId());
            }
        }

        @Override
        public void onPacketEvent(Committed<PacketEvent> event) {
            if (event.event().packetId().equals(packetId)) {
                events.add(event.event());
            }
        }
    }

    private static final class Failing implements ResultListener {
        @Override
        public void onAward(Committed<AwardResult> award) {
            throw new IllegalStateException("disk full");
        }
    }
}
