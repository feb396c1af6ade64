package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.service.Metrics;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.stores.DecidedInputs;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.InputTopics;
import redpacket.topology.stores.StateStores;

/**
 * One partition of the opens, and the same one of the grabs. A record is at offset 7, and is dated 1,000. Each record
 * is read twice, and decided once.
 */
class IngestTest {
    private static final int PARTITIONS = 4;
    private static final String PACKET = "packet-8888";
    private static final int PARTITION = Utils.toPositive(Utils.murmur2(PACKET.getBytes(UTF_8))) % PARTITIONS;
    private static final OpenPacket OPEN = new OpenPacket(PACKET, "sender", 888, 3, Split.RANDOM, null, 1_000);
    private static final Grab GRAB = new Grab("grab", PACKET, "kim");

    @TempDir
    private Path folder;

    private final PacketMeters meters = new PacketMeters();

    @Test
    void shouldPassOnTheCommandWhenItIsGood() {
        CapturedForward<?, ?> forward = opens(record(PACKET, Json.write(OPEN)));

        assertThat(forward.childName()).contains("decide");
        assertThat(forward.record().value()).isEqualTo(OPEN);
        assertThat(forward.record().key()).isEqualTo(PACKET.getBytes(UTF_8));
        assertThat(forward.record().timestamp()).isEqualTo(1_000);
    }

    @Test
    void shouldPassOnTheGrabWhenItIsGood() {
        CapturedForward<?, ?> forward = grabs(record(PACKET, Json.write(GRAB)));

        assertThat(forward.childName()).contains("decide");
        assertThat(forward.record().value()).isEqualTo(GRAB);
        assertThat(deadLetters()).isZero();
    }

    @Test
    void shouldPassOnATickWhenItIsOnTheTopicOfGrabs() {
        CapturedForward<?, ?> forward = grabs(tick());

        assertThat(forward.childName()).contains("decide");
        assertThat(forward.record().value()).isEqualTo(Tick.TICK);
    }

    @Test
    void shouldPutAwayATickWhenItIsOnTheTopicOfOpens() {
        assertDeadLetter(opens(tick()), "the value is null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                    | not JSON: Unexpected end-of-input",
                "{\"grabId\":\"g\",\"packetId\":\"packet-8888\"}      | userId is missing",
                "{\"grabId\":\"g\",\"packetId\":\"packet-8888\",\"userId\":\"l i\"} | userId has the character U+0020",
                "{\"grabId\":\"g\",\"packetId\":\"packet-888\",\"userId\":\"u\"}      | the key is not the packet id",
                "{\"grabId\":\"g\",\"packetId\":\"packet-88888\",\"userId\":\"u\"}    | the key is not the packet id",
                "{\"grabId\":\"g\",\"packetId\":\"packet-8889\",\"userId\":\"u\"}     | the key is not the packet id"
            })
    void shouldPutAwayARecordWhenItIsNoGoodGrab(String value, String reason) {
        assertDeadLetter(grabs(record(PACKET, value.getBytes(UTF_8))), reason);
    }

    @Test
    void shouldPutAwayARecordWhenItHasNoKey() {
        CapturedForward<?, ?> forward = grabs(record(null, Json.write(GRAB)));

        assertDeadLetter(forward, "the key is null; it must be the packet id");
        assertThat(forward.record().key()).isNull();
    }

    @Test
    void shouldPutAwayAGoodRecordWhenItIsInAnotherPartitionThanItsKeySays() {
        int wrong = (PARTITION + 1) % PARTITIONS;
        CapturedForward<?, ?> forward = forwarded(
                Ingest.grabs(
                        PARTITIONS,
                        meters,
                        new DrainedInputs(),
                        InputTopics.UNKNOWN,
                        new FailedRecords(),
                        new DecidedInputs()),
                Topic.GRABS,
                wrong,
                record(PACKET, Json.write(GRAB)));

        assertDeadLetter(
                forward,
                "this is partition " + wrong + ", but Kafka's default partitioner puts the key into " + PARTITION);
    }

    @Test
    void shouldPutAwayAGoodRecordWhenThePipelineFailedAtItTwice() {
        FailedRecords failed = new FailedRecords();
        FailedRecords.Partition partition = failed.of(new TopicPartition(Topic.GRABS.topicName(), PARTITION));
        Record<byte[], byte[]> grab = record(PACKET, Json.write(GRAB));
        partition.add(7, new IllegalStateException("a bug"));
        partition.add(7, new IllegalStateException("a bug"));
        CapturedForward<?, ?> forward = grabs(failed, grab);

        assertDeadLetter(forward, "the pipeline failed twice at this record");
        assertThat(text(forward.record().headers(), "redpacket.failure"))
                .isEqualTo("java.lang.IllegalStateException: a bug");
        assertThat(forward.record().value()).isEqualTo(grab.value());
    }

    private CapturedForward<?, ?> grabs(FailedRecords failed, Record<byte[], byte[]> record) {
        return forwarded(
                Ingest.grabs(PARTITIONS, meters, new DrainedInputs(), InputTopics.UNKNOWN, failed, new DecidedInputs()),
                Topic.GRABS,
                PARTITION,
                record);
    }

    @Test
    void shouldKeepTheRecordsOwnHeadersWhenItIsPutAway() {
        Headers headers = new RecordHeaders().add("trace", "abc".getBytes(UTF_8));
        CapturedForward<?, ?> forward =
                grabs(new Record<>(PACKET.getBytes(UTF_8), "?".getBytes(UTF_8), 1_000, headers));

        assertThat(forward.record().headers().lastHeader("trace").value()).isEqualTo("abc".getBytes(UTF_8));
    }

    private void assertDeadLetter(CapturedForward<?, ?> forward, String reason) {
        assertThat(forward.childName()).contains("write-dead-letters");
        Headers headers = forward.record().headers();
        assertThat(text(headers, "redpacket.reason")).startsWith(reason);
        assertThat(text(headers, "redpacket.offset")).isEqualTo("7");
        assertThat(text(headers, "redpacket.timestamp")).isEqualTo("1000");
        assertThat(deadLetters()).isEqualTo(1);
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }

    private double deadLetters() {
        return count("redpacket.dead.letters");
    }

    private double count(String meter) {
        try (Metrics metrics = new Metrics()) {
            meters.showIn(metrics);
            return metrics.registry().get(meter).functionCounter().count();
        }
    }

    private CapturedForward<?, ?> opens(Record<byte[], byte[]> record) {
        return forwarded(
                Ingest.opens(
                        PARTITIONS,
                        meters,
                        new DrainedInputs(),
                        InputTopics.UNKNOWN,
                        new FailedRecords(),
                        new DecidedInputs()),
                Topic.OPENS,
                PARTITION,
                record);
    }

    private CapturedForward<?, ?> grabs(Record<byte[], byte[]> record) {
        return forwarded(
                Ingest.grabs(
                        PARTITIONS,
                        meters,
                        new DrainedInputs(),
                        InputTopics.UNKNOWN,
                        new FailedRecords(),
                        new DecidedInputs()),
                Topic.GRABS,
                PARTITION,
                record);
    }

    private CapturedForward<?, ?> forwarded(
            Ingest<?> ingest, Topic topic, int partition, Record<byte[], byte[]> record) {
        MockProcessorContext<byte[], Object> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, partition), folder.toFile());
        DeferredStore winners = new DeferredStore(StateStores.persistent(StateStores.WINNERS)
                .withLoggingDisabled()
                .build());
        winners.init(context.getStateStoreContext(), winners);
        context.setRecordMetadata(topic.topicName(), partition, 7);
        try {
            ingest.init(context);
            ingest.process(record);
            ingest.process(record);
        } finally {
            winners.close();
        }
        assertThat(count("redpacket.skipped.records")).isEqualTo(1);

        List<? extends CapturedForward<?, ?>> forwarded = context.forwarded();
        assertThat(forwarded).hasSize(1);
        return forwarded.get(0);
    }

    private static Record<byte[], byte[]> record(String key, byte[] value) {
        return new Record<>(key == null ? null : key.getBytes(UTF_8), value, 1_000);
    }

    private static Record<byte[], byte[]> tick() {
        Headers headers = new RecordHeaders().add(Topic.TICK_HEADER, new byte[0]);
        return new Record<>(PACKET.getBytes(UTF_8), null, 1_000, headers);
    }
}
