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
import redpacket.events.Prize;
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

    /** Opens a packet of three shares with all special terms, awards its prize and a blank, and cancels it. */
    public RandomHistory cancelPrizes(String packetId) {
        producer.beginTransaction();
        PacketState packet = new PacketState(new PacketEvent.Opened(
                packetId,
                user(0),
                5,
                3,
                Split.PRIZES,
                "spring",
                clockMillis,
                clockMillis + MINUTE_MILLIS,
                SEED_OF_SHARES,
                nextGrabOffset++,
                clockMillis + 1,
                null,
                null,
                List.of(new Prize(5, 1, "Main prize"), new Prize(0, 2, "Better luck next time")),
                new PacketEvent.OnlyUsers(3, SEED_OF_SHARES),
                "tea-points",
                "恭喜发财 🧧"));
        sendEvent(packet.opened);
        clockMillis++;
        award(packet);
        award(packet);
        cancel(packet);
        producer.commitTransaction();
        return this;
    }

    /** Opens a packet of equal shares without special terms. */
    void openPlain(String packetId, int shares) {
        producer.beginTransaction();
        sendEvent(new PacketEvent.Opened(
                packetId,
                user(0),
                shares,
                shares,
                Split.EQUAL,
                null,
                clockMillis,
                clockMillis + MINUTE_MILLIS,
                SEED_OF_SHARES,
                nextGrabOffset++));
        producer.commitTransaction();
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
            case 2 -> {
                if (random.nextBoolean()) {
                    expire();
                } else if (!open.isEmpty()) {
                    cancel(any());
                }
            }
            case 3 -> count();
            default -> grab();
        }
    }

    private PacketState open(String packetId, int shares, long openForMillis) {
        List<Prize> prizes = random.nextInt(3) == 0 ? prizes(shares) : null;
        long cents = prizes == null
                ? shares + random.nextInt(1_000_000)
                : prizes.stream()
                        .mapToLong(prize -> prize.cents() * prize.count())
                        .sum();
        Split split = random.nextBoolean() ? Split.RANDOM : Split.EQUAL;
        PacketState packet = new PacketState(new PacketEvent.Opened(
                packetId,
                user(random.nextInt(USERS)),
                cents,
                shares,
                prizes == null ? split : Split.PRIZES,
                random.nextBoolean() ? "spring" : null,
                clockMillis,
                clockMillis + openForMillis,
                SEED_OF_SHARES,
                nextGrabOffset++,
                sometimes(clockMillis + random.nextInt(1_000)),
                prizes == null && split == Split.RANDOM ? sometimes(1L) : null,
                prizes == null && split == Split.RANDOM ? sometimes(cents) : null,
                prizes,
                sometimes(new PacketEvent.OnlyUsers(1 + random.nextInt(USERS), SEED_OF_SHARES)),
                sometimes(random.nextBoolean() ? "CNY" : "tea-points"),
                sometimes("恭喜发财 🧧")));
        if (!packetIds.contains(packetId)) {
            packetIds.add(packetId);
        }
        open.add(packet);
        sendEvent(packet.opened);
        return packet;
    }

    private <T> T sometimes(T term) {
        return random.nextInt(4) == 0 ? term : null;
    }

    /** Prizes of one share each, and often blanks. */
    private List<Prize> prizes(int shares) {
        int blanks = random.nextInt(shares);
        List<Prize> prizes = new ArrayList<>();
        if (blanks > 0) {
            prizes.add(new Prize(0, blanks, random.nextBoolean() ? "Better luck \" next\u2028time" : null));
        }
        for (int i = blanks; i < shares; i++) {
            prizes.add(new Prize(1 + random.nextInt(3), 1, random.nextBoolean() ? " 茶券 - 7 8" : null));
        }
        return prizes;
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
            case 0 -> sendAward(result(packet.opened.packetId(), user(random.nextInt(USERS)), refusal(), null));
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

    private Outcome refusal() {
        return List.of(Outcome.SOLD_OUT, Outcome.NOT_STARTED, Outcome.NOT_ELIGIBLE, Outcome.CANCELLED)
                .get(random.nextInt(4));
    }

    /** The next share of a packet with prizes, in the order of the prizes. */
    private static Share prize(PacketState packet) {
        int index = packet.awards.size();
        int behind = 0;
        for (Prize prize : packet.opened.prizes()) {
            behind += prize.count();
            if (index < behind) {
                return new Share(index, prize.cents(), prize.name());
            }
        }
        throw new IllegalStateException("The packet has no share " + index);
    }

    private void award(PacketState packet) {
        int sharesLeft = packet.opened.shares() - packet.awards.size();
        long cents = sharesLeft == 1
                ? packet.centsLeft
                : 1 + random.nextLong(Math.max(1, 2 * packet.centsLeft / sharesLeft - sharesLeft));
        cents = Math.max(1, Math.min(cents, packet.centsLeft - (sharesLeft - 1)));
        Share share = packet.opened.prizes() == null ? new Share(packet.awards.size(), cents) : prize(packet);
        AwardResult award = won(packet.opened, user(random.nextInt(USERS)), share);
        packet.awards.add(award);
        packet.centsLeft -= share.cents();
        sendAward(award);
        if (sharesLeft == 1) {
            sendEvent(new PacketEvent.SoldOut(
                    packet.opened.packetId(),
                    packet.opened.campaign(),
                    packet.opened.currency(),
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
                packet.opened.currency(),
                packet.awards.size(),
                packet.opened.totalCents() - packet.centsLeft,
                packet.centsLeft,
                packet.opened.deadlineMillis(),
                luckiest(packet),
                SEED_OF_SHARES));
        open.remove(packet);
    }

    private void cancel(PacketState packet) {
        long awardedCents = packet.opened.totalCents() - packet.centsLeft;
        long openOffset = nextGrabOffset++;
        sendEvent(new PacketEvent.Cancelled(
                packet.opened.packetId(),
                packet.opened.campaign(),
                packet.opened.currency(),
                packet.awards.size(),
                awardedCents,
                packet.centsLeft,
                clockMillis,
                openOffset,
                "The campaign ended early",
                openOffset,
                luckiest(packet),
                SEED_OF_SHARES));
        sendEvent(new PacketEvent.CancelAnswered(
                packet.opened.packetId(), PacketEvent.CancelOutcome.OTHER_SENDER, null, nextGrabOffset++));
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
        for (String scope : List.of(WindowStats.ALL, "campaign/spring", "all/CNY", "campaign/spring/tea-points")) {
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

    private static AwardResult won(PacketEvent.Opened packet, String userId, Share share) {
        long offset = nextGrabOffset++;
        return new AwardResult(
                packet.packetId(),
                "grab-" + offset,
                userId,
                packet.campaign(),
                packet.currency(),
                Outcome.AWARDED,
                share,
                false,
                clockMillis,
                offset);
    }

    private static AwardResult repeat(AwardResult won) {
        return new AwardResult(
                won.packetId(),
                won.grabId(),
                won.userId(),
                won.campaign(),
                won.currency(),
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
