package redpacket.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import redpacket.clients.KafkaAddress;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.TraceContext;
import redpacket.parts.LocalServers;

class PacketProducerIT {
    private final KafkaAddress kafka = LocalServers.shared().kafka();
    private final String packetId = "packet-" + UUID.randomUUID();

    @Test
    void shouldNameTheStoredRecordWhenACommandIsAppended() {
        OpenPacket command = new OpenPacket(packetId, "alice", 5_000, 10, Split.RANDOM, "spring", 60_000);
        try (PacketProducer producer = PacketProducer.connect(kafka.clientSettings())) {
            Appended appended = producer.open(command).join();

            ConsumerRecord<byte[], byte[]> stored = recordAt(Topic.OPENS, appended);
            assertThat(Json.readOpen(stored.value())).isEqualTo(command);
            assertThat(new String(stored.key(), StandardCharsets.UTF_8)).isEqualTo(packetId);
            assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
            assertThat(stored.timestamp()).isEqualTo(appended.appendedAtMillis());
        }
    }

    @Test
    void shouldWriteTheTraceOnlyWhenThereIsOne() {
        String parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        TraceContext trace = new TraceContext(parent, "vendor=1");
        OpenPacket command = new OpenPacket(packetId, "alice", 9, 9, Split.EQUAL, null, 60_000);
        Grab grab = new Grab("g", packetId, "bob");
        try (PacketProducer producer = PacketProducer.connect(kafka.clientSettings())) {
            assertThat(headersOf(Topic.OPENS, producer.open(command, trace)))
                    .containsExactlyInAnyOrder("traceparent=" + parent, "tracestate=vendor=1");
            assertThat(headersOf(Topic.GRABS, producer.grab(grab, new TraceContext(parent, null))))
                    .containsExactly("traceparent=" + parent);
            assertThat(headersOf(Topic.OPENS, producer.open(command))).isEmpty();
            assertThat(headersOf(Topic.GRABS, producer.grab(grab))).isEmpty();
        }
    }

    private List<String> headersOf(Topic topic, CompletableFuture<Appended> sent) {
        List<String> headers = new ArrayList<>();
        recordAt(topic, sent.join())
                .headers()
                .forEach(
                        header -> headers.add(header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    @Test
    void shouldKeepAPacketInOnePartitionAndInOrder() {
        List<CompletableFuture<Appended>> grabs = new ArrayList<>();
        try (PacketProducer producer = PacketProducer.connect(kafka.clientSettings())) {
            Appended opened = producer.open(new OpenPacket(packetId, "alice", 9, 9, Split.EQUAL, null, 60_000))
                    .join();
            for (int i = 0; i < 1_000; i++) {
                grabs.add(producer.grab(new Grab("grab-" + i, packetId, "user-" + i)));
            }
            producer.flush();

            assertThat(grabs).allMatch(CompletableFuture::isDone);
            assertThat(grabs).extracting(grab -> grab.join().partition()).containsOnly(opened.partition());
            assertThat(grabs).extracting(grab -> grab.join().offset()).isSorted();
        }
    }

    @Test
    void shouldHaveSentEverythingWhenClosed() {
        CompletableFuture<Appended> grab;
        // Longer than the test may take: only closing sends the batch.
        Map<String, Object> patient = new HashMap<>(kafka.clientSettings());
        patient.put("linger.ms", 60_000);
        try (PacketProducer producer = PacketProducer.connect(patient)) {
            grab = producer.grab(new Grab("g", packetId, "bob"));
        }

        assertThat(grab).isCompleted();
        assertThat(Json.readGrab(recordAt(Topic.GRABS, grab.join()).value())).isEqualTo(new Grab("g", packetId, "bob"));
    }

    private ConsumerRecord<byte[], byte[]> recordAt(Topic topic, Appended appended) {
        TopicPartition partition = new TopicPartition(topic.topicName(), appended.partition());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.clientSettings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, appended.offset());
            return Awaitility.await()
                    .until(
                            () -> consumer.poll(Duration.ofMillis(100)).records(partition),
                            records -> !records.isEmpty())
                    .get(0);
        }
    }
}
