package redpacket.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;

/**
 * Writes the pipeline's output for random packets. Some transactions abort and are repeated. Some results move no
 * money. Packets are opened twice, sold out, expired or still open.
 */
final class RandomPackets implements AutoCloseable {
    private static final long T0 = 1_767_225_600_123L;
    private static final int FIVE_DAYS_MILLIS = 5 * 86_400_000;
    private static final String HEX = "0123456789abcdef".repeat(4);

    private final Random random;
    private final Map<String, Object> settings;
    private Producer<byte[], byte[]> producer;
    private long packets;

    RandomPackets(KafkaAddress kafka, long seed) {
        System.err.println("RandomPackets seed " + seed);
        random = new Random(seed);
        settings = kafka.clientSettings();
        settings.put("transactional.id", "random-packets-" + seed);
        producer = open();
        packets = Math.abs(seed) % 1_000_000_000L * 1_000_000;
    }

    /** Writes the records of {@code count} more packets. */
    void write(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            List<ProducerRecord<byte[], byte[]>> records = packet("packet-" + packets++);
            int written = 0;
            while (written < records.size()) {
                int until = Math.min(records.size(), written + 1 + random.nextInt(20));
                try {
                    written = isCommitted(records.subList(written, until)) ? until : written;
                } catch (KafkaException | ExecutionException e) {
                    startOver(e);
                }
            }
        }
    }

    private boolean isCommitted(List<ProducerRecord<byte[], byte[]>> records)
            throws InterruptedException, ExecutionException {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        if (random.nextInt(4) > 0) {
            producer.commitTransaction();
            return true;
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        producer.abortTransaction();
        return false;
    }

    /**
     * With many short transactions the broker sometimes takes records for late ones of the previous transaction, and
     * rejects them for good. Nothing of that transaction is then committed, and a new producer repeats it.
     */
    private void startOver(Exception failure) {
        boolean refused =
                failure instanceof InvalidTxnStateException || failure.getCause() instanceof InvalidTxnStateException;
        if (!refused) {
            throw new IllegalStateException(failure);
        }
        producer.close(Duration.ZERO);
        producer = open();
    }

    private Producer<byte[], byte[]> open() {
        Producer<byte[], byte[]> opened =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        opened.initTransactions();
        return opened;
    }

    private List<ProducerRecord<byte[], byte[]>> packet(String id) {
        int shares = 1 + random.nextInt(30);
        long[] cents = new long[shares];
        long total = 0;
        for (int i = 0; i < shares; i++) {
            cents[i] = 1L + random.nextInt(500);
            total += cents[i];
        }
        long openedAt = T0 + random.nextInt(FIVE_DAYS_MILLIS);
        String campaign = random.nextBoolean() ? null : "spring";
        var opened = new PacketEvent.Opened(
                id, "sender", total, shares, Split.RANDOM, campaign, openedAt, openedAt + 60_000, HEX, 7);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(opened));
        int awarded = random.nextInt(3) == 0 ? random.nextInt(shares) : shares;
        long awardedCents = 0;
        for (int i = 0; i < awarded; i++) {
            awardedCents += cents[i];
            long at = openedAt + i;
            Share share = new Share(i, cents[i]);
            records.add(record(result(id, "grab-" + i, "user-" + i, campaign, Outcome.AWARDED, share, false, at)));
            switch (random.nextInt(8)) {
                case 0 ->
                    records.add(
                            record(result(id, "grab-" + i, "user-" + i, campaign, Outcome.AWARDED, share, true, at)));
                case 1 ->
                    records.add(record(result(
                            id, "other-" + i, "user-" + i, campaign, Outcome.ALREADY_GRABBED, share, false, at)));
                case 2 ->
                    records.add(record(new PacketEvent.Opened(
                            id, "sender", total, shares, Split.RANDOM, campaign, openedAt, openedAt + 60_000, HEX, 9)));
                default -> {}
            }
        }
        var luckiest = awarded == 0 ? null : new PacketEvent.Luckiest("user-0", new Share(0, cents[0]));
        if (awarded == shares) {
            records.add(record(new PacketEvent.SoldOut(
                    id, campaign, awarded, awardedCents, openedAt + awarded, awarded, luckiest, HEX)));
            records.add(
                    record(result(id, "late", "late", campaign, Outcome.SOLD_OUT, null, false, openedAt + awarded)));
        } else if (random.nextBoolean()) {
            records.add(record(new PacketEvent.Expired(
                    id, campaign, awarded, awardedCents, total - awardedCents, openedAt + 60_000, luckiest, HEX)));
        }
        return records;
    }

    private static AwardResult result(
            String packetId,
            String grabId,
            String userId,
            String campaign,
            Outcome outcome,
            Share share,
            boolean repeat,
            long at) {
        return new AwardResult(packetId, grabId, userId, campaign, outcome, share, repeat, at, 0);
    }

    private static ProducerRecord<byte[], byte[]> record(PacketEvent event) {
        return new ProducerRecord<>(Topic.PACKETS.topicName(), event.packetId().getBytes(UTF_8), Json.write(event));
    }

    private static ProducerRecord<byte[], byte[]> record(AwardResult result) {
        return new ProducerRecord<>(Topic.AWARDS.topicName(), result.packetId().getBytes(UTF_8), Json.write(result));
    }

    @Override
    public void close() {
        producer.close();
    }
}
