package redpacket.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.DeadLetterHeaders;
import redpacket.events.Grab;
import redpacket.events.Json;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.PacketEvent.Luckiest;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/**
 * Writes a history into one partition, right or wrong, as the test asks. It starts with a packet of three shares and
 * 100 cents that opens at {@link #OPENED} and closes at {@link #DEADLINE}.
 *
 * <p>The topics must let the producer set the time.
 */
final class HistoryWriter implements AutoCloseable {
    static final String SECRET = "a secret that only the test knows";
    static final long OPENED = 1_000_000_000_000L;
    static final long KNOWN = OPENED + 10;
    static final long DEADLINE = OPENED + 60_000;

    private final Producer<byte[], byte[]> producer;
    private final int partition;
    private final int partitions;
    final String packetId;
    final OpenPacket terms;
    final String seed;
    final List<Share> cut = new ArrayList<>();
    private final Map<Long, Grab> grabs = new HashMap<>();
    private final Map<Long, Long> grabTimes = new HashMap<>();

    HistoryWriter(KafkaAddress kafka, int partition, int partitions, String campaign) {
        Map<String, Object> settings = kafka.clientSettings();
        settings.put("max.block.ms", 20_000);
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.partition = partition;
        this.partitions = partitions;
        // The first share is not the largest. Awarding it twice is therefore one mistake, not two.
        this.packetId = ids("packet-" + partition)
                .filter(id -> cutOf(id)[0] <= cutOf(id)[2])
                .findFirst()
                .orElseThrow();
        this.terms = new OpenPacket(packetId, "sender", 100, 3, Split.RANDOM, campaign, DEADLINE - OPENED);
        this.seed = RevealedCut.seedOf(SECRET, packetId);
        long[] cents = cutOf(packetId);
        for (int i = 0; i < cents.length; i++) {
            cut.add(new Share(i, cents[i]));
        }
    }

    private static long[] cutOf(String id) {
        String seed = RevealedCut.seedOf(SECRET, id);
        String commitment = RevealedCut.commitmentTo(seed);
        return RevealedCut.of(
                new PacketEvent.Opened(id, "sender", 100, 3, Split.RANDOM, null, OPENED, DEADLINE, commitment, 0),
                seed);
    }

    /** A packet id of this history's partition. */
    String idHere(String prefix) {
        return ids(prefix).findFirst().orElseThrow();
    }

    private Stream<String> ids(String prefix) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> prefix + "-" + i)
                .filter(id -> BuiltInPartitioner.partitionForKey(bytes(id), partitions) == partition);
    }

    /** Creates the topics without retention: the tests use times long past. */
    static void layOut(KafkaAddress kafka, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            List<NewTopic> topics = Arrays.stream(Topic.values())
                    .map(topic -> new NewTopic(topic.topicName(), partitions, (short) 1)
                            .configs(Map.of("retention.ms", "-1", "message.timestamp.type", "CreateTime")))
                    .toList();
            admin.createTopics(topics).all().get();
        }
    }

    /** Writes the command and its right answer. */
    HistoryWriter withPacket() {
        event(opened(open(terms, OPENED)), KNOWN);
        return this;
    }

    PacketEvent.Opened opened(long openOffset) {
        return new PacketEvent.Opened(
                packetId,
                terms.senderId(),
                terms.totalCents(),
                terms.shares(),
                terms.split(),
                terms.campaign(),
                OPENED,
                DEADLINE,
                RevealedCut.commitmentTo(seed),
                openOffset);
    }

    /** A grab {@code g-<user>} of this user, answered with this share. Returns the offset of the answer. */
    long win(String user, int index, long atMillis) {
        return award(grab(user, atMillis), cut.get(index));
    }

    long grab(String user, long atMillis) {
        return grab("g-" + user, user, atMillis);
    }

    long grab(String grabId, String user, long atMillis) {
        Grab grab = new Grab(grabId, packetId, user);
        long offset = write(Topic.GRABS, packetId, Json.write(grab), atMillis);
        grabs.put(offset, grab);
        grabTimes.put(offset, atMillis);
        return offset;
    }

    long award(long grabOffset, Share share) {
        return result(answer(grabOffset, Outcome.AWARDED, share, false));
    }

    long lose(long grabOffset, Outcome outcome) {
        return result(answer(grabOffset, outcome, null, false));
    }

    AwardResult answer(long grabOffset, Outcome outcome, Share share, boolean repeat) {
        Grab grab = grabs.get(grabOffset);
        String campaign = outcome == Outcome.UNKNOWN_PACKET ? null : terms.campaign();
        return new AwardResult(
                grab.packetId(),
                grab.grabId(),
                grab.userId(),
                campaign,
                outcome,
                share,
                repeat,
                grabTimes.get(grabOffset),
                grabOffset);
    }

    long result(AwardResult result) {
        return write(Topic.AWARDS, result.packetId(), Json.write(result), result.grabbedAtMillis());
    }

    long open(OpenPacket command, long atMillis) {
        return write(Topic.OPENS, command.packetId(), Json.write(command), atMillis);
    }

    long event(PacketEvent event, long atMillis) {
        return write(Topic.PACKETS, event.packetId(), Json.write(event), atMillis);
    }

    /** Awards all three shares, to anna, bert and cleo, a millisecond apart. */
    HistoryWriter withWinners() {
        win("anna", 0, KNOWN + 1);
        win("bert", 1, KNOWN + 2);
        win("cleo", 2, KNOWN + 3);
        return this;
    }

    long soldOut() {
        return event(rightSoldOut(), KNOWN + 4);
    }

    PacketEvent.SoldOut rightSoldOut() {
        long closedAt = KNOWN + 3;
        return new PacketEvent.SoldOut(
                packetId,
                terms.campaign(),
                3,
                100,
                closedAt,
                closedAt - OPENED,
                luckiest("anna", "bert", "cleo"),
                seed);
    }

    long expired(String... winners) {
        return event(rightExpired(winners), DEADLINE + 5_000);
    }

    PacketEvent.Expired rightExpired(String... winners) {
        long awarded =
                cut.subList(0, winners.length).stream().mapToLong(Share::cents).sum();
        return new PacketEvent.Expired(
                packetId,
                terms.campaign(),
                winners.length,
                awarded,
                100 - awarded,
                DEADLINE,
                winners.length == 0 ? null : luckiest(winners),
                seed);
    }

    private Luckiest luckiest(String... winners) {
        int best = 0;
        for (int i = 1; i < winners.length; i++) {
            if (cut.get(i).cents() > cut.get(best).cents()) {
                best = i;
            }
        }
        return new Luckiest(winners[best], cut.get(best));
    }

    long tick(long atMillis) {
        var record = new ProducerRecord<>(Topic.GRABS.topicName(), partition, atMillis, bytes(packetId), (byte[]) null);
        record.headers().add(Topic.TICK_HEADER, new byte[0]);
        return send(record);
    }

    /** Writes a record as given. */
    long write(Topic topic, String key, byte[] value, long atMillis) {
        return send(new ProducerRecord<>(topic.topicName(), partition, atMillis, bytes(key), value));
    }

    long deadLetter(Topic origin, String originOffset, String key, byte[] value) {
        return send(letter(origin, originOffset, key, value));
    }

    long cutDeadLetter(Topic origin, String originOffset, String key, byte[] value) {
        var record = letter(origin, originOffset, key, value);
        record.headers().add(DeadLetterHeaders.CUT, bytes("value of many bytes"));
        return send(record);
    }

    long failureLetter(Topic origin, String originOffset, String key, byte[] value) {
        var record = letter(origin, originOffset, key, value);
        record.headers().add(DeadLetterHeaders.FAILURE, bytes("java.lang.IllegalStateException: a bug"));
        return send(record);
    }

    long sentBack(long letterOffset) {
        var record = new ProducerRecord<byte[], byte[]>(Topic.DEAD_LETTERS.topicName(), partition, KNOWN, null, null);
        record.headers().add(Topic.SENT_BACK_HEADER, bytes(String.valueOf(letterOffset)));
        return send(record);
    }

    private ProducerRecord<byte[], byte[]> letter(Topic origin, String originOffset, String key, byte[] value) {
        var record = new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), partition, KNOWN, bytes(key), value);
        record.headers().add(DeadLetterHeaders.TOPIC, bytes(origin.topicName()));
        record.headers().add(DeadLetterHeaders.PARTITION, bytes(String.valueOf(partition)));
        record.headers().add(DeadLetterHeaders.OFFSET, bytes(originOffset));
        return record;
    }

    long stats(WindowStats stats) {
        return write(Topic.STATS, stats.key(), Json.write(stats), KNOWN);
    }

    private long send(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get().offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
