package redpacket.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
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
import redpacket.events.Prize;
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
        boolean isOfPrizes = random.nextBoolean();
        List<Prize> prizes = prizes(isOfPrizes ? 0 : 1, isOfPrizes ? "coupon" : null);
        int shares = prizes.size();
        long total = prizes.stream().mapToLong(Prize::cents).sum();
        long openedAt = T0 + random.nextInt(FIVE_DAYS_MILLIS);
        String campaign = random.nextBoolean() ? null : "spring";
        String currency = random.nextBoolean() ? null : "CNY";
        Split split = isOfPrizes ? Split.PRIZES : Split.RANDOM;
        LongFunction<PacketEvent.Opened> opened = openOffset -> new PacketEvent.Opened(
                id,
                "sender",
                total,
                shares,
                split,
                campaign,
                openedAt,
                openedAt + 60_000,
                HEX,
                openOffset,
                null,
                null,
                null,
                isOfPrizes ? prizes : null,
                null,
                currency,
                null);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        records.add(record(opened.apply(7)));
        int awarded = random.nextInt(3) == 0 ? random.nextInt(shares) : shares;
        long awardedCents = 0;
        for (int i = 0; i < awarded; i++) {
            Prize prize = prizes.get(i);
            awardedCents += prize.cents();
            AwardResult result = new AwardResult(
                    id,
                    "grab-" + i,
                    "user-" + i,
                    campaign,
                    currency,
                    Outcome.AWARDED,
                    new Share(i, prize.cents(), prize.name()),
                    false,
                    openedAt + i,
                    0);
            records.add(record(result));
            switch (random.nextInt(8)) {
                case 0 -> records.add(record(repeated(result, result.grabId(), Outcome.AWARDED, true)));
                case 1 -> records.add(record(repeated(result, "other-" + i, Outcome.ALREADY_GRABBED, false)));
                case 2 -> records.add(record(opened.apply(9)));
                default -> {}
            }
        }
        Share first = new Share(0, prizes.get(0).cents(), prizes.get(0).name());
        var luckiest = awarded == 0 ? null : new PacketEvent.Luckiest("user-0", first);
        long rest = total - awardedCents;
        long closedAt = openedAt + 60_000;
        if (awarded == shares) {
            records.add(record(new PacketEvent.SoldOut(
                    id, campaign, currency, awarded, awardedCents, openedAt + awarded, awarded, luckiest, HEX)));
            records.add(record(new AwardResult(
                    id, "late", "late", campaign, currency, Outcome.SOLD_OUT, null, false, openedAt + awarded, 0)));
        } else if (random.nextBoolean()) {
            records.add(record(new PacketEvent.Expired(
                    id, campaign, currency, awarded, awardedCents, rest, closedAt, luckiest, HEX)));
        } else if (random.nextBoolean()) {
            records.add(record(new PacketEvent.Cancelled(
                    id, campaign, currency, awarded, awardedCents, rest, closedAt, 5, "why", 8, luckiest, HEX)));
        }
        return records;
    }

    /** One for each share. The first has a cent at least. */
    private List<Prize> prizes(int leastCents, String name) {
        List<Prize> prizes = new ArrayList<>();
        int shares = 1 + random.nextInt(30);
        for (int i = 0; i < shares; i++) {
            int least = i == 0 ? 1 : leastCents;
            prizes.add(new Prize(random.nextInt(3) == 0 ? least : least + random.nextInt(500), 1, name));
        }
        return prizes;
    }

    private static AwardResult repeated(AwardResult first, String grabId, Outcome outcome, boolean isRepeat) {
        return new AwardResult(
                first.packetId(),
                grabId,
                first.userId(),
                first.campaign(),
                first.currency(),
                outcome,
                first.share(),
                isRepeat,
                first.grabbedAtMillis(),
                0);
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
