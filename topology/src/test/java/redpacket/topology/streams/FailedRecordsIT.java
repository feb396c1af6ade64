package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.parts.LocalServers;
import redpacket.topology.state.PacketLifetime;

/** The pipeline itself fails at some records, again and again: at each answer to the packet {@value #BROKEN}. */
class FailedRecordsIT {
    private static final int PARTITIONS = 1;
    private static final String BROKEN = "broken";
    private static final String GOOD = "good";
    private static final String UNCLOSABLE = "unclosable";

    private static volatile boolean isMended;

    @TempDir
    private Path stateDirectory;

    /** The bug: part of the producer of the topology only. */
    public static final class FailingPartitioner implements Partitioner {
        @Override
        public int partition(
                String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
            boolean isAnswer = topic.equals(Topic.AWARDS.topicName()) || topic.equals(Topic.PACKETS.topicName());
            if (!isMended && isAnswer && BROKEN.equals(new String(keyBytes, UTF_8))) {
                throw new IllegalStateException("planted");
            }
            if (topic.equals(Topic.PACKETS.topicName()) && isExpiryOfUnclosable(valueBytes)) {
                throw new IllegalStateException("planted");
            }
            return BuiltInPartitioner.partitionForKey(keyBytes, cluster.partitionCountForTopic(topic));
        }

        private static boolean isExpiryOfUnclosable(byte[] event) {
            return Json.readPacketEvent(event) instanceof PacketEvent.Expired expired
                    && expired.packetId().equals(UNCLOSABLE);
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    /**
     * A command and a grab fail, before and between good grabs of the same partition. Each becomes one dead letter,
     * every other grab is answered as if they were not there, and nothing of them is stored.
     */
    @Test
    void shouldPutAwayTheRecordsAndAnswerAllOthersWhenThePipelineFailsAtThem() {
        // Stream threads end with the planted exception.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        isMended = false;
        try (LocalServers servers = LocalServers.start(PARTITIONS);
                RunningPipeline pipeline = RunningPipeline.start(
                        withFailingPartitioner(servers.kafka()),
                        servers.redis(),
                        stateDirectory,
                        PacketLifetime.DEFAULT)) {
            pipeline.open(packet(GOOD));
            pipeline.awaitPacketEvents(1);
            List<RecordMetadata> broken = new ArrayList<>();
            broken.add(pipeline.open(packet(BROKEN)));
            for (int i = 0; i < 10; i++) {
                pipeline.grab(GOOD, "user-" + i, "grab-" + i);
                if (i == 3) {
                    broken.add(pipeline.grab(BROKEN, "kim", "grab-" + i));
                }
            }

            List<AwardResult> awards = pipeline.awaitAwards(10);
            Awaitility.await()
                    .atMost(RunningPipeline.TIMEOUT)
                    .until(() -> pipeline.records(Topic.DEAD_LETTERS).size() >= broken.size());
            assertThat(awards).extracting(AwardResult::packetId).containsOnly(GOOD);
            assertThat(awards).extracting(AwardResult::outcome).containsOnly(Outcome.AWARDED);
            List<ConsumerRecord<byte[], byte[]>> letters = pipeline.records(Topic.DEAD_LETTERS);
            assertThat(letters)
                    .extracting(letter -> header(letter, "redpacket.topic") + "-"
                            + header(letter, "redpacket.partition") + "@" + header(letter, "redpacket.offset"))
                    .containsExactlyInAnyOrderElementsOf(broken.stream()
                            .map(record -> record.topic() + "-" + record.partition() + "@" + record.offset())
                            .toList());
            assertThat(letters)
                    .extracting(letter -> header(letter, "redpacket.failure"))
                    .containsOnly("java.lang.IllegalStateException: planted");

            isMended = true;
            pipeline.open(packet(BROKEN));
            pipeline.awaitPacketEvents(2);
            pipeline.grab(BROKEN, "kim", "grab-3");
            assertThat(pipeline.awaitAwards(11))
                    .filteredOn(award -> award.packetId().equals(BROKEN))
                    .singleElement()
                    .satisfies(award -> {
                        assertThat(award.outcome()).isEqualTo(Outcome.AWARDED);
                        assertThat(award.repeat())
                                .as("nothing was stored of the failures")
                                .isFalse();
                    });
        }
    }

    /** Of two packets that expire one after the other the first one cannot be closed. The partition goes on. */
    @Test
    void shouldCloseTheOthersWhenThePipelineFailsToCloseAPacket() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        isMended = false;
        try (LocalServers servers = LocalServers.start(PARTITIONS);
                RunningPipeline pipeline = RunningPipeline.start(
                        withFailingPartitioner(servers.kafka()),
                        servers.redis(),
                        stateDirectory,
                        new PacketLifetime(Duration.ofMillis(200), Duration.ofHours(1)))) {
            pipeline.open(new OpenPacket(UNCLOSABLE, "sender", 1_000, 20, Split.RANDOM, null, 1_000));
            pipeline.open(new OpenPacket("brief", "sender", 1_000, 20, Split.RANDOM, null, 1_500));
            pipeline.open(packet(GOOD));

            assertThat(pipeline.awaitPacketEvents(4))
                    .filteredOn(PacketEvent.Expired.class::isInstance)
                    .extracting(PacketEvent::packetId)
                    .containsExactly("brief");
            RecordMetadata good = pipeline.grab(GOOD, "kim", "g1");
            RecordMetadata late = pipeline.grab(UNCLOSABLE, "kim", "g2");
            assertThat(pipeline.awaitAnswerTo(good).outcome()).isEqualTo(Outcome.AWARDED);
            assertThat(pipeline.awaitAnswerTo(late).outcome()).isEqualTo(Outcome.EXPIRED);
            assertThat(pipeline.packetEvents()).hasSize(4);
            assertThat(pipeline.records(Topic.DEAD_LETTERS))
                    .as("no record is to blame")
                    .isEmpty();
        }
    }

    private static KafkaAddress withFailingPartitioner(KafkaAddress kafka) {
        Map<String, String> settings = new HashMap<>(kafka.settings());
        settings.put("producer.partitioner.class", FailingPartitioner.class.getName());
        return new KafkaAddress(kafka.bootstrapServers(), settings);
    }

    private static OpenPacket packet(String packetId) {
        return new OpenPacket(packetId, "sender", 1_000, 20, Split.RANDOM, null, 3_600_000);
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }
}
