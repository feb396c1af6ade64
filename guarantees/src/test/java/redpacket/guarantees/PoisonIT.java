package redpacket.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.local.faults.BreakablePipeline;

/**
 * Every kind of bad record among good ones. Each bad record is put away or rejected exactly once. Each good one is
 * answered, with every kind of answer.
 */
class PoisonIT {
    private static final String SECRET = "secret of the guarantees";
    private static final String PACKET = "good";

    /** A packet that no user grabs before its deadline. */
    private static final String BRIEF = "brief";

    /** Number of answers to grabs that win nothing. */
    private static final int OTHERS = 5;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void shouldPutAwayBadRecordsAndAnswerGoodOnesWhenTheyAreMixed() throws Exception {
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        List<BadRecord> corpus = BadRecord.corpus();
        System.out.println(corpus.size() + " bad records");
        Collections.shuffle(corpus, new Random(seed));
        assertThat(corpus).hasSizeGreaterThanOrEqualTo(60);

        try (BreakablePipeline pipeline = BreakablePipeline.start(SECRET, 1);
                KafkaProducer<byte[], byte[]> producer = carelessProducer(pipeline)) {
            OpenPacket open =
                    new OpenPacket(PACKET, "s", 100L * corpus.size(), corpus.size(), Split.RANDOM, null, 3_600_000);
            producer.send(open(open)).get();
            producer.send(open(new OpenPacket(BRIEF, "s", 20, 2, Split.EQUAL, "campaign", 1_000)))
                    .get();
            awaitPackets(pipeline, PacketEvent.Opened.class, PACKET, BRIEF);
            Map<BadRecord, Future<RecordMetadata>> sent = new LinkedHashMap<>();
            for (BadRecord bad : corpus) {
                sent.put(bad, producer.send(bad.record()));
                producer.send(grab("g" + sent.size(), PACKET, "u" + sent.size()))
                        .get();
            }
            List<String> deadLetters = new ArrayList<>();
            List<String> rejections = new ArrayList<>();
            for (Map.Entry<BadRecord, Future<RecordMetadata>> each : sent.entrySet()) {
                if (each.getKey().fate() == BadRecord.Fate.REFUSED) {
                    assertThat(each.getValue())
                            .as(each.getKey().toString())
                            .failsWithin(PATIENCE)
                            .withThrowableThat()
                            .withCauseInstanceOf(RecordTooLargeException.class);
                    continue;
                }
                RecordMetadata at = each.getValue().get();
                switch (each.getKey().fate()) {
                    case DEAD_LETTER -> deadLetters.add(at.topic() + "-" + at.partition() + "@" + at.offset());
                    case REJECTED -> rejections.add(String.valueOf(at.offset()));
                    case REFUSED -> throw new AssertionError("Kafka took " + each.getKey());
                }
            }

            awaitPackets(pipeline, PacketEvent.Expired.class, BRIEF);
            for (ProducerRecord<byte[], byte[]> other : List.of(
                    grab("g1", PACKET, "u1"),
                    grab("other", PACKET, "u1"),
                    grab("late", PACKET, "late"),
                    grab("too-late", BRIEF, "late"),
                    grab("nowhere", "nowhere", "late"))) {
                producer.send(other).get();
            }
            awaitAnswers(pipeline, corpus.size() + OTHERS);

            Evidence evidence = Evidence.of(pipeline, SECRET, PATIENCE);
            CommittedRecords history = evidence.history();

            assertThat(history.records(Topic.DEAD_LETTERS))
                    .extracting(BadRecordsArePutAway::origin)
                    .containsExactlyInAnyOrderElementsOf(deadLetters);
            assertThat(history.packetEvents(PacketEvent.Rejected.class))
                    .extracting(rejected -> String.valueOf(rejected.openOffset()))
                    .containsExactlyInAnyOrderElementsOf(rejections);
            assertThat(history.awards()).hasSize(corpus.size() + OTHERS);
            assertThat(history.awards().stream()
                            .filter(award -> award.result().packetId().equals(PACKET))
                            .limit(corpus.size()))
                    .extracting(award -> award.result().outcome())
                    .hasSize(corpus.size())
                    .containsOnly(Outcome.AWARDED);
            Guarantees.assertKept(Guarantees.OF_THE_TOPICS, evidence);
        }
    }

    /** Compresses well, and sends whatever it is given. */
    private static KafkaProducer<byte[], byte[]> carelessProducer(BreakablePipeline pipeline) {
        Map<String, Object> settings = pipeline.kafkaAddress().clientSettings();
        settings.put("compression.type", "zstd");
        settings.put("max.request.size", 2 * BadRecord.BOMB);
        settings.put("buffer.memory", 4 * BadRecord.BOMB);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void awaitAnswers(BreakablePipeline pipeline, int answers) {
        await().atMost(PATIENCE)
                .until(() ->
                        CommittedRecords.read(pipeline.kafkaAddress()).awards().size() >= answers);
    }

    private static void awaitPackets(
            BreakablePipeline pipeline, Class<? extends PacketEvent> event, String... packetIds) {
        await().atMost(PATIENCE).until(() -> CommittedRecords.read(pipeline.kafkaAddress()).packetEvents(event).stream()
                .map(PacketEvent::packetId)
                .toList()
                .containsAll(List.of(packetIds)));
    }

    private static ProducerRecord<byte[], byte[]> open(OpenPacket command) {
        return new ProducerRecord<>(Topic.OPENS.topicName(), command.packetId().getBytes(UTF_8), Json.write(command));
    }

    private static ProducerRecord<byte[], byte[]> grab(String grabId, String packetId, String userId) {
        return new ProducerRecord<>(
                Topic.GRABS.topicName(), packetId.getBytes(UTF_8), Json.write(new Grab(grabId, packetId, userId)));
    }
}
