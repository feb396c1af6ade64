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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import redpacket.audit.Audit;
import redpacket.audit.AuditOptions;
import redpacket.audit.Report;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.local.faults.BreakablePipeline;

/** Every kind of bad record among good ones: each is put away or rejected, once, and each good one has its award. */
class PoisonIT {
    private static final String SECRET = "secret of the guarantees";
    private static final String PACKET = "good";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void shouldPutAwayTheBadAndAwardTheGoodWhenTheyAreMixed() throws Exception {
        long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
        System.out.println("redpacket.seed=" + seed);
        List<BadRecord> corpus = BadRecord.corpus();
        System.out.println(corpus.size() + " bad records");
        Collections.shuffle(corpus, new Random(seed));
        assertThat(corpus).hasSizeGreaterThanOrEqualTo(60);

        try (BreakablePipeline pipeline = BreakablePipeline.start(SECRET, 1);
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        pipeline.kafkaAddress().clientSettings(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            OpenPacket open =
                    new OpenPacket(PACKET, "s", 100L * corpus.size(), corpus.size(), Split.RANDOM, null, 3_600_000);
            producer.send(new ProducerRecord<>(Topic.OPENS.topicName(), PACKET.getBytes(UTF_8), Json.write(open)))
                    .get();
            await().atMost(PATIENCE).until(() -> !CommittedRecords.read(pipeline.kafkaAddress())
                    .records(Topic.PACKETS)
                    .isEmpty());
            Map<BadRecord, Future<RecordMetadata>> sent = new LinkedHashMap<>();
            for (BadRecord bad : corpus) {
                sent.put(bad, producer.send(bad.record()));
                byte[] grab = Json.write(new Grab("g" + sent.size(), PACKET, "u" + sent.size()));
                producer.send(new ProducerRecord<>(Topic.GRABS.topicName(), PACKET.getBytes(UTF_8), grab))
                        .get();
            }
            List<String> deadLetters = new ArrayList<>();
            List<String> rejections = new ArrayList<>();
            for (Map.Entry<BadRecord, Future<RecordMetadata>> each : sent.entrySet()) {
                RecordMetadata at = each.getValue().get();
                switch (each.getKey().fate()) {
                    case DEAD_LETTER -> deadLetters.add(at.topic() + "-" + at.partition() + "@" + at.offset());
                    case REJECTED -> rejections.add(String.valueOf(at.offset()));
                }
            }

            Report report = Audit.run(
                    pipeline.kafkaAddress(),
                    AuditOptions.STRICT.withSecret(SECRET).withPatience(PATIENCE));
            CommittedRecords history = CommittedRecords.read(pipeline.kafkaAddress());

            assertThat(history.records(Topic.DEAD_LETTERS))
                    .extracting(letter -> BadRecordsArePutAway.header(letter, DeadLetterHeaders.TOPIC) + "-"
                            + BadRecordsArePutAway.header(letter, DeadLetterHeaders.PARTITION) + "@"
                            + BadRecordsArePutAway.header(letter, DeadLetterHeaders.OFFSET))
                    .containsExactlyInAnyOrderElementsOf(deadLetters);
            assertThat(history.packetEvents(PacketEvent.Rejected.class))
                    .extracting(rejected -> String.valueOf(rejected.openOffset()))
                    .containsExactlyInAnyOrderElementsOf(rejections);
            assertThat(history.awards())
                    .hasSize(corpus.size())
                    .extracting(award -> award.result().outcome())
                    .containsOnly(Outcome.AWARDED);
            Guarantees.ALL.forEach(guarantee -> guarantee.assertKept(report, history));
        }
    }
}
