package redpacket.sink.readmodel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import redpacket.clients.KafkaAddress;
import redpacket.events.AwardResult;
import redpacket.events.Counters;
import redpacket.events.Json;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Share;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/** Writes random events to the topics, like a topology could. Some transactions are aborted. */
public final class RandomHistory implements AutoCloseable {
    private static final String SEED_OF_SHARES = "ab".repeat(32);
    private static final int USERS = 40;
    private static final long DAY_MILLIS = 86_400_000;
    private static final long MINUTE_MILLIS = 60_000;

    /** Increases over all partitions and histories. The read model needs this order within a partition. */
    private static long nextGrabOffset;

    private static long clockMillis = 1_700_000_000_000L;
    private static int nextTransactionalId;

    private final Random random;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<PacketState> open = new ArrayList<>();
    private final List<String> packetIds = new ArrayList<>();
    private PacketState longPacket;
    private final Map<Long, Long> revisions = new HashMap<>();

    /** Times and offsets continue after those of earlier histories. */
    public RandomHistory(KafkaAddress kafka, Random random) {
        this.random = random;
        Map<String, Object> settings = kafka.clientSettings();
        settings.put("transactional.id", "history-" + nextTransactionalId++);
        settings.put("linger.ms", 5);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** The state of an open packet. */
    private static final class PacketState {
        final PacketEvent.Opened opened;
        final List<AwardResult> awards = new ArrayList<>();
        long centsLeft;

        PacketState(PacketEvent.Opened opened) {
            this.opened = opened;
            this.centsLeft = opened.totalCents();
        }
    }

    List<String> packetIds() {
        return packetIds;
    }

    static String user(int number) {
        return number % 2 == 0 ? "user-" + number : "auth0|" + number + "/{kim}%2B+!;?#<b>@example.com";
    }

    /** Writes random steps, in transactions of 20 steps. Aborts another transaction before one in ten of them. */
    public RandomHistory randomSteps(int steps) {
        for (int done = 0; done < steps; done += 20) {
            producer.beginTransaction();
            if (random.nextInt(10) == 0) {
                sendAward(result("lost-" + random.nextInt(), "nobody", Outcome.AWARDED, new Share(0, 1)));
                producer.abortTransaction();
                producer.beginTransaction();
            }
            for (int i = 0; i < 20; i++) {
                step();
            }
            producer.commitTransaction();
        }
        return this;
    }

    /** Opens a packet and awards all its shares, which closes the packet. */
    public RandomHistory sellOut(String packetId, int shares) {
        producer.beginTransaction();
        PacketState packet = open(packetId, shares, MINUTE_MILLIS);
        for (int i = 0; i < shares; i++) {
            award(packet);
        }
        producer.commitTransaction();
        return this;
    }

    RandomHistory send(WindowStats stats) {
        return sendAll(Stream.of(stats));
    }

    RandomHistory sendAll(Stream<WindowStats> stats) {
        producer.beginTransaction();
        stats.forEach(each -> send(Topic.STATS, each.key(), Json.write(each)));
        producer.commitTransaction();
        return this;
    }

    /** Opens a packet for three days. Random steps do not use it. */
    RandomHistory open(String packetId, int shares) {
        producer.beginTransaction();
        longPacket = open(packetId, shares, 3 * DAY_MILLIS);
        open.remove(longPacket);
        producer.commitTransaction();
        return this;
    }

    /** Awards shares of the packet from {@link #open(String, int)}. */
    RandomHistory win(int shares) {
        producer.beginTransaction();
        for (int i = 0; i < shares; i++) {
            award(longPacket);
        }
        producer.commitTransaction();
        return this;
    }

    void passMidnight() {
        clockMillis += DAY_MILLIS;
    }

    /** Advances the time until the topology has forgotten all packets. */
    void passRetention() {
        open.clear();
        clockMillis += 100 * DAY_MILLIS;
    }

    private void step() {
        clockMillis += random.nextInt(5);
        switch (random.nextInt(10)) {
            case 0 -> open("packet-" + random.nextLong(Long.MAX_VALUE), 1 + random.nextInt(30), MINUTE_MILLIS);
            case 1 -> openAgain();
            case 2 -> expire();
            case 3 -> count();
            default -> grab();
        }
    }

    private PacketState open(String packetId, int shares, long openForMillis) {
        PacketState packet = new PacketState(new PacketEvent.Opened(
                packetId,
                user(random.nextInt(USERS)),
                shares + random.nextInt(1_000_000),
                shares,
                random.nextBoolean() ? Split.RANDOM : Split.EQUAL,
                random.nextBoolean() ? "spring" : null,
                clockMillis,
                clockMillis + openForMillis,
                SEED_OF_SHARES,
                nextGrabOffset++));
        if (!packetIds.contains(packetId)) {
            packetIds.add(packetId);
        }
        open.add(packet);
        sendEvent(packet.opened);
        return packet;
    }

    private void openAgain() {
        if (open.isEmpty()) {
            return;
        }
        PacketState packet = any();
        sendEvent(packet.opened);
        sendEvent(new PacketEvent.Rejected(
                packet.opened.packetId(), PacketEvent.Reason.OTHER_TERMS, "other terms", nextGrabOffset++));
    }

    private void grab() {
        if (open.isEmpty()) {
            return;
        }
        PacketState packet = any();
        switch (random.nextInt(4)) {
            case 0 -> sendAward(result(packet.opened.packetId(), user(random.nextInt(USERS)), Outcome.SOLD_OUT, null));
            case 1 -> {
                if (!packet.awards.isEmpty()) {
                    AwardResult won = packet.awards.get(random.nextInt(packet.awards.size()));
                    sendAward(
                            random.nextBoolean()
                                    ? repeat(won)
                                    : result(won.packetId(), won.userId(), Outcome.ALREADY_GRABBED, won.share()));
                }
            }
            default -> award(packet);
        }
    }

    private void award(PacketState packet) {
        int sharesLeft = packet.opened.shares() - packet.awards.size();
        long cents = sharesLeft == 1
                ? packet.centsLeft
                : 1 + random.nextLong(Math.max(1, 2 * packet.centsLeft / sharesLeft - sharesLeft));
        cents = Math.max(1, Math.min(cents, packet.centsLeft - (sharesLeft - 1)));
        Share share = new Share(packet.awards.size(), cents);
        AwardResult award = result(packet.opened.packetId(), user(random.nextInt(USERS)), Outcome.AWARDED, share);
        packet.awards.add(award);
        packet.centsLeft -= cents;
        sendAward(award);
        if (sharesLeft == 1) {
            sendEvent(new PacketEvent.SoldOut(
                    packet.opened.packetId(),
                    packet.opened.campaign(),
                    packet.opened.shares(),
                    packet.opened.totalCents(),
                    clockMillis,
                    1,
                    luckiest(packet),
                    SEED_OF_SHARES));
            open.remove(packet);
        }
    }

    private void expire() {
        if (open.isEmpty()) {
            return;
        }
        PacketState packet = any();
        sendEvent(new PacketEvent.Expired(
                packet.opened.packetId(),
                packet.opened.campaign(),
                packet.awards.size(),
                packet.opened.totalCents() - packet.centsLeft,
                packet.centsLeft,
                packet.opened.deadlineMillis(),
                luckiest(packet),
                SEED_OF_SHARES));
        open.remove(packet);
    }

    private void count() {
        long start = WindowStats.windowStartMillis(clockMillis, 1_000);
        long revision = revisions.merge(start, 1L, Long::sum);
        Counters counters = Counters.of(counter -> switch (counter) {
            case GRABS, AWARDED -> revision;
            case AWARDED_CENTS -> 7 * revision;
            default -> 0;
        });
        for (String scope : List.of(WindowStats.ALL, "campaign/spring")) {
            WindowStats stats = new WindowStats(scope, start, 1_000, revision, false, counters);
            send(Topic.STATS, stats.key(), Json.write(stats));
        }
    }

    private static PacketEvent.Luckiest luckiest(PacketState packet) {
        PacketEvent.Luckiest luckiest = null;
        for (AwardResult award : packet.awards) {
            if (luckiest == null || award.share().cents() > luckiest.share().cents()) {
                luckiest = new PacketEvent.Luckiest(award.userId(), award.share());
            }
        }
        return luckiest;
    }

    private static AwardResult result(String packetId, String userId, Outcome outcome, Share share) {
        long offset = nextGrabOffset++;
        return new AwardResult(packetId, "grab-" + offset, userId, null, outcome, share, false, clockMillis, offset);
    }

    private static AwardResult repeat(AwardResult won) {
        return new AwardResult(
                won.packetId(),
                won.grabId(),
                won.userId(),
                null,
                Outcome.AWARDED,
                won.share(),
                true,
                clockMillis,
                nextGrabOffset++);
    }

    private PacketState any() {
        return open.get(random.nextInt(open.size()));
    }

    private void sendAward(AwardResult result) {
        send(Topic.AWARDS, result.packetId(), Json.write(result));
    }

    private void sendEvent(PacketEvent event) {
        send(Topic.PACKETS, event.packetId(), Json.write(event));
    }

    /** If a send fails, the commit fails too. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(Topic topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.topicName(), Utf8.bytes(key), value));
    }

    @Override
    public void close() {
        producer.close();
    }
}
