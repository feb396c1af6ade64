package redpacket.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import redpacket.audit.Violation.Kind;
import redpacket.clients.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.Counter;
import redpacket.events.InvalidEventException;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Prize;
import redpacket.events.Topic;
import redpacket.events.WindowStats;

/**
 * Compares the read model in Redis with the topics: each packet, each award under its packet and under its user, and
 * each window. The read model and the topics must not change meanwhile.
 *
 * <p>Reads the keys as documented. Shares no code with the sink.
 */
final class ReadModelComparison {
    private static final byte[] PROGRESS = bytes("redpacket:view");

    /** Enough to hide the round trip to Redis, few enough that no answer takes long. */
    private static final int QUESTIONS_AT_ONCE = 500;

    /** Each attempt takes up to 2 s. */
    private static final int ATTEMPTS = 10;

    private static final int KEYS_PER_SCAN = 1_000;

    /** Older packets may be missing, as with the default retention of the sink. */
    private static final Duration PACKETS_STAY = Duration.ofDays(45);

    private static final Duration WINDOWS_STAY = Duration.ofDays(8);

    private static final byte[][] FIELDS = Stream.of(
                    "status",
                    "senderId",
                    "totalCents",
                    "shares",
                    "split",
                    "campaign",
                    "openedAtMillis",
                    "deadlineMillis",
                    "commitment",
                    "closedAtMillis",
                    "seed",
                    "refundedCents",
                    "awardedShares",
                    "awardedCents",
                    "luckiestUser",
                    "luckiestIndex",
                    "luckiestCents",
                    "startsAtMillis",
                    "minCents",
                    "maxCents",
                    "prizes",
                    "onlyUsers",
                    "currency",
                    "title",
                    "incomplete",
                    "winnersSinceMillis")
            .map(ReadModelComparison::bytes)
            .toArray(byte[][]::new);

    private static final JsonMapper JSON = new JsonMapper();

    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** The number of hashes of winners, and of sets of users' awards, for each day. */
    private static final int BUCKETS = 128;

    private final RedisClusterAsyncCommands<byte[], byte[]> redis;
    private final Findings findings;
    private final long nowMillis = System.currentTimeMillis();
    private final Set<String> packetIds = new HashSet<>();
    private final Map<String, Integer> awardsByKey = new HashMap<>();
    private String generation;
    private long packetsCompared;
    private long awards;
    private long windows;

    ReadModelComparison(RedisConnection connection, Findings findings) {
        this.redis = connection.commands();
        this.findings = findings;
    }

    /** An event with its partition and offset. */
    private record At<T>(T event, int partition, long offset) {}

    /** The records about one packet. */
    private static final class Packet {
        private At<PacketEvent.Opened> opened;
        private PacketEvent.Closed closed;
        private final List<Winner> winners = new ArrayList<>();

        void add(At<AwardResult> award) {
            Winner last = winners.isEmpty() ? null : winners.get(winners.size() - 1);
            winners.add(Winner.after(last, award));
        }
    }

    /**
     * A winner, with the totals of all winners up to this one.
     *
     * @param luckiest the luckiest of these winners; on a tie the first
     */
    private record Winner(At<AwardResult> award, long centsSoFar, AwardResult luckiest) {
        static Winner after(Winner before, At<AwardResult> award) {
            AwardResult result = award.event();
            long cents = result.share().cents();
            if (before == null) {
                return new Winner(award, cents, result);
            }
            boolean luckier = cents > before.luckiest.share().cents();
            return new Winner(award, before.centsSoFar + cents, luckier ? result : before.luckiest);
        }
    }

    /**
     * The number of records that the read model has not processed. Compare only when it is 0: then the read model
     * serves the state to compare.
     *
     * @param ends of the partitions of all topics that the sink reads
     */
    long lag(Map<TopicPartition, Long> ends) {
        Map<String, String> progress = textOf(answer(() -> redis.hgetall(PROGRESS)));
        generation = progress.get("serving");
        boolean whole = generation != null && generation.equals(progress.get("generation"));
        return ends.entrySet().stream()
                .mapToLong(end ->
                        end.getValue() - (whole ? Long.parseLong(progress.getOrDefault("at:" + end.getKey(), "0")) : 0))
                .map(behind -> Math.max(0, behind))
                .sum();
    }

    /** Compares the packets of a partition, and their winners. */
    void comparePackets(CommittedLog packetLog, CommittedLog awardLog) {
        Map<String, Packet> packets = new LinkedHashMap<>();
        for (var record = packetLog.next(); record != null; record = packetLog.next()) {
            read(record, packets);
        }
        for (var record = awardLog.next(); record != null; record = awardLog.next()) {
            readAward(record, packets);
        }
        // Not everything is known of a packet that was opened before the beginning of the topics.
        packets.values().removeIf(packet -> packet.opened == null);
        packetIds.addAll(packets.keySet());

        ask(
                packets.values(),
                packet -> redis.hmget(packetKey(packet), FIELDS),
                (packet, fields) -> compareView(packet, textOf(fields)));
        List<Winner> winners = packets.values().stream()
                .flatMap(packet -> packet.winners.stream())
                .toList();
        for (Winner winner : winners) {
            awardsByKey.merge(keyOfWinners(winner.award.event()), 1, Integer::sum);
            awardsByKey.merge(keyOfUsers(winner.award.event()), 1, Integer::sum);
        }
        ask(
                winners,
                winner -> redis.hget(
                        bytes(keyOfWinners(winner.award.event())), bytes(fieldOfWinner(winner.award.event()))),
                this::compareWinner);
        compareUsers(winners);
    }

    private static void read(ConsumerRecord<byte[], byte[]> record, Map<String, Packet> packets) {
        PacketEvent event;
        try {
            event = Json.readPacketEvent(record.value());
        } catch (InvalidEventException e) {
            // The audit of the topics reports it.
            return;
        }
        event.handle(
                opened -> packet(packets, event).opened = new At<>(opened, record.partition(), record.offset()),
                closed -> packet(packets, event).closed = closed,
                // Does not change an existing packet.
                rejected -> {},
                cancelAnswered -> {});
    }

    private static Packet packet(Map<String, Packet> packets, PacketEvent event) {
        return packets.computeIfAbsent(event.packetId(), id -> new Packet());
    }

    private static void readAward(ConsumerRecord<byte[], byte[]> record, Map<String, Packet> packets) {
        AwardResult result;
        try {
            result = Json.readAward(record.value());
        } catch (InvalidEventException e) {
            return;
        }
        if (result.movesMoney()) {
            packets.computeIfAbsent(result.packetId(), id -> new Packet())
                    .add(new At<>(result, record.partition(), record.offset()));
        }
    }

    private void compareView(Packet packet, Map<String, String> view) {
        if (view.isEmpty() && mayBeGone(packet)) {
            return;
        }
        packetsCompared++;
        if (view.isEmpty()) {
            add(Kind.MISSING_IN_READ_MODEL, packet, "Redis has no view of it.");
            return;
        }
        List<String> differences = new ArrayList<>();
        if (view.containsKey("incomplete")) {
            differences.add("it is marked as incomplete");
        }
        rightView(packet).forEach((field, right) -> {
            String found = view.getOrDefault(field, "");
            if (!found.equals(right)) {
                differences.add(field + " should be " + quoted(right) + ", but is " + quoted(found));
            }
        });
        if (!differences.isEmpty()) {
            add(Kind.DIFFERENT_IN_READ_MODEL, packet, "In Redis " + String.join("; ", differences) + ".");
        }
    }

    /** An empty text means that the field must not exist. */
    private static Map<String, String> rightView(Packet packet) {
        PacketEvent.Opened terms = packet.opened.event();
        PacketEvent.Closed closed = packet.closed;
        Map<String, String> view = new TreeMap<>();
        view.put(
                "status",
                closed == null
                        ? "opened"
                        : closed.match(soldOut -> "sold-out", expired -> "expired", cancelled -> "cancelled"));
        view.put("senderId", terms.senderId());
        view.put("totalCents", String.valueOf(terms.totalCents()));
        view.put("shares", String.valueOf(terms.shares()));
        view.put("split", terms.split().name());
        view.put("campaign", terms.campaign() == null ? "" : terms.campaign());
        view.put("openedAtMillis", String.valueOf(terms.openedAtMillis()));
        view.put("deadlineMillis", String.valueOf(terms.deadlineMillis()));
        view.put("commitment", terms.commitment());
        view.put("closedAtMillis", closed == null ? "" : String.valueOf(closed.closedAtMillis()));
        view.put("seed", closed == null ? "" : closed.seed());
        view.put(
                "refundedCents",
                closed == null
                        ? ""
                        : closed.match(
                                soldOut -> "",
                                expired -> String.valueOf(expired.refundedCents()),
                                cancelled -> String.valueOf(cancelled.refundedCents())));
        PacketEvent.Luckiest luckiest = closed == null ? null : closed.luckiest();
        view.put("awardedShares", closed == null ? "" : String.valueOf(closed.awardedShares()));
        view.put("awardedCents", closed == null ? "" : String.valueOf(closed.awardedCents()));
        view.put("luckiestUser", luckiest == null ? "" : luckiest.userId());
        view.put(
                "luckiestIndex",
                luckiest == null ? "" : String.valueOf(luckiest.share().index()));
        view.put(
                "luckiestCents",
                luckiest == null ? "" : String.valueOf(luckiest.share().cents()));
        view.put("startsAtMillis", textOrEmpty(terms.startsAtMillis()));
        view.put("minCents", textOrEmpty(terms.minCents()));
        view.put("maxCents", textOrEmpty(terms.maxCents()));
        view.put("prizes", terms.prizes() == null ? "" : json(terms.prizes()));
        view.put(
                "onlyUsers",
                terms.onlyUsers() == null
                        ? ""
                        : terms.onlyUsers().count() + " " + terms.onlyUsers().hash());
        view.put("currency", textOrEmpty(terms.currency()));
        view.put("title", textOrEmpty(terms.title()));
        return view;
    }

    private static String textOrEmpty(Object valueOrNull) {
        return valueOrNull == null ? "" : valueOrNull.toString();
    }

    private static String json(List<Prize> prizes) {
        try {
            return JSON.writeValueAsString(prizes);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void compareWinner(Winner winner, byte[] found) {
        AwardResult award = winner.award.event();
        String right = entryOfPacket(winner);
        awards++;
        if (found == null) {
            add(
                    Kind.MISSING_IN_READ_MODEL,
                    winner.award,
                    "Redis does not have " + fieldOfWinner(award) + " in " + keyOfWinners(award) + ".");
        } else if (!text(found).equals(right)) {
            add(
                    Kind.DIFFERENT_IN_READ_MODEL,
                    winner.award,
                    "Winner " + award.share().index() + " in Redis should be " + quoted(right) + ", but is "
                            + quoted(text(found)) + ".");
        }
    }

    private static String fieldOfWinner(AwardResult award) {
        return award.packetId() + '/' + award.share().index();
    }

    private static String entryOfPacket(Winner winner) {
        AwardResult result = winner.award.event();
        return result.userId()
                + ' '
                + result.grabId()
                + ' '
                + result.share().cents()
                + ' '
                + result.grabbedAtMillis()
                + ' '
                + result.grabOffset()
                + ' '
                + winner.centsSoFar
                + ' '
                + winner.luckiest.share().index()
                + ' '
                + winner.luckiest.share().cents()
                + special(result);
    }

    private void compareUsers(Collection<Winner> winners) {
        ask(
                winners.stream().map(Winner::award).toList(),
                award -> redis.zscore(bytes(keyOfUsers(award.event())), bytes(entryOfUser(award.event()))),
                (award, found) -> {
                    if (found == null) {
                        add(
                                Kind.MISSING_IN_READ_MODEL,
                                award,
                                "Redis does not have " + quoted(entryOfUser(award.event())) + " in "
                                        + keyOfUsers(award.event()) + ".");
                    }
                });
    }

    private static String entryOfUser(AwardResult award) {
        return "%s %013d %s %d %d %s%s"
                .formatted(
                        award.userId(),
                        award.grabbedAtMillis(),
                        award.packetId(),
                        award.share().index(),
                        award.share().cents(),
                        award.grabId(),
                        special(award));
    }

    /** The end of the entry of an award that has a currency, or a prize with a name. */
    private static String special(AwardResult award) {
        String prize = award.share().prize();
        if (award.currency() == null && prize == null) {
            return "";
        }
        return " " + (award.currency() == null ? "-" : award.currency()) + (prize == null ? "" : " " + prize);
    }

    /** Looks for packets and awards without a record. Call it last. */
    void compareRest() {
        String packets = "redpacket:view:" + generation + ":{";
        scan(packets + "*}", key -> {
            String packetId = key.substring(packets.length(), key.length() - 1);
            // A view without terms shows nothing: its packet was opened before the beginning of the topics.
            if (!packetIds.contains(packetId) && answer(() -> redis.hexists(bytes(key), bytes("openedAtMillis")))) {
                addWithoutRecord(packetId, "Redis has a view of it, but no topic has a record of it.");
            }
        });
        Map<String, Long> heldByKey = new HashMap<>();
        scan("redpacket:users:" + generation + ":{[0-9]*}:*", key -> {
            heldByKey.put(key, answer(() -> redis.zcard(bytes(key))));
        });
        scan("redpacket:winners:" + generation + ":*", key -> {
            heldByKey.put(key, answer(() -> redis.hlen(bytes(key))));
        });
        heldByKey.forEach((key, held) -> {
            int right = awardsByKey.getOrDefault(key, 0);
            if (held > right) {
                addWithoutRecord(
                        null, "Redis has " + held + " awards in " + key + ", but the topic has " + right + " of them.");
            }
        });
    }

    /** Returns the windows that differ from the published ones. Pass them to {@link #noteWindows} if they stay so. */
    List<String> differingWindows(Collection<WindowStats> published) {
        List<String> differences = new ArrayList<>();
        windows = 0;
        ask(published, window -> redis.hgetall(bytes(windowKey(window))), (window, hash) -> {
            Map<String, String> found = textOf(hash);
            Map<String, String> right = rightWindow(window);
            if (found.isEmpty() && window.windowStartMillis() < nowMillis - WINDOWS_STAY.toMillis()) {
                return;
            }
            windows++;
            found.keySet().retainAll(right.keySet());
            if (!found.equals(right)) {
                differences.add(windowKey(window) + " should be " + right + ", but is "
                        + (found.isEmpty() ? "missing" : new TreeMap<>(found)) + ".");
            }
        });
        return differences;
    }

    void noteWindows(List<String> differences) {
        differences.forEach(difference ->
                findings.add(Kind.DIFFERENT_IN_READ_MODEL, Topic.STATS.topicName(), -1, -1, null, difference));
    }

    private static Map<String, String> rightWindow(WindowStats window) {
        Map<String, Long> right = new TreeMap<>();
        right.put("windowMillis", window.windowMillis());
        right.put("revision", window.revision());
        right.put("closed", window.closed() ? 1L : 0L);
        for (Counter counter : Counter.values()) {
            right.put(counter.fieldName(), counter.in(window.counters()));
        }
        Map<String, String> text = new TreeMap<>();
        right.forEach((field, number) -> text.put(field, number.toString()));
        return text;
    }

    Report.ReadModel report(String note) {
        return new Report.ReadModel(packetsCompared, awards, windows, 0, note);
    }

    private boolean mayBeGone(Packet packet) {
        return packet.closed != null && packet.closed.closedAtMillis() < nowMillis - PACKETS_STAY.toMillis();
    }

    private void add(Kind kind, Packet packet, String sentence) {
        At<PacketEvent.Opened> opened = packet.opened;
        findings.add(
                kind,
                Topic.PACKETS.topicName(),
                opened.partition(),
                opened.offset(),
                opened.event().packetId(),
                sentence);
    }

    private void add(Kind kind, At<AwardResult> award, String sentence) {
        findings.add(
                kind,
                Topic.AWARDS.topicName(),
                award.partition(),
                award.offset(),
                award.event().packetId(),
                sentence);
    }

    private void addWithoutRecord(String packetId, String sentence) {
        findings.add(Kind.ONLY_IN_READ_MODEL, Topic.PACKETS.topicName(), -1, -1, packetId, sentence);
    }

    private byte[] packetKey(Packet packet) {
        return bytes(
                "redpacket:view:" + generation + ":{" + packet.opened.event().packetId() + "}");
    }

    private String keyOfWinners(AwardResult award) {
        return "redpacket:winners:" + bucketOfDay(award, award.packetId());
    }

    private String keyOfUsers(AwardResult award) {
        return "redpacket:users:" + bucketOfDay(award, award.userId());
    }

    private String bucketOfDay(AwardResult award, String id) {
        int bucket = SlotHash.getSlot(id) % BUCKETS;
        long dayStartMillis = award.grabbedAtMillis() - award.grabbedAtMillis() % DAY_MILLIS;
        return generation + ":{" + bucket + "}:" + dayStartMillis;
    }

    private static String windowKey(WindowStats window) {
        return "redpacket:stats:" + window.scope() + ":" + window.windowStartMillis();
    }

    /** Asks one question about each element, and pipelines many of them. */
    private static <Q, A> void ask(
            Collection<Q> about, Function<Q, CompletionStage<A>> question, BiConsumer<Q, A> judge) {
        List<Q> together = new ArrayList<>();
        for (Q each : about) {
            together.add(each);
            if (together.size() == QUESTIONS_AT_ONCE) {
                askTogether(together, question, judge);
                together.clear();
            }
        }
        askTogether(together, question, judge);
    }

    private static <Q, A> void askTogether(
            List<Q> about, Function<Q, CompletionStage<A>> question, BiConsumer<Q, A> judge) {
        List<A> answers = answer(() -> {
            List<CompletableFuture<A>> asked = about.stream()
                    .map(each -> question.apply(each).toCompletableFuture())
                    .toList();
            return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                    .thenApply(
                            all -> asked.stream().map(CompletableFuture::join).collect(toCollection(ArrayList::new)));
        });
        for (int i = 0; i < about.size(); i++) {
            judge.accept(about.get(i), answers.get(i));
        }
    }

    /** Retries, because the connection gives up after a time that suits grabs, and the audit can wait longer. */
    private static <T> T answer(Supplier<CompletionStage<T>> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.get().toCompletableFuture().join();
            } catch (CompletionException | RedisException e) {
                if (attempt == ATTEMPTS) {
                    throw e.getCause() instanceof RedisException redis ? redis : new RedisException(e);
                }
            }
        }
    }

    /** Redis may return a key more than once. */
    private void scan(String pattern, Consumer<String> each) {
        ScanArgs matching = ScanArgs.Builder.matches(pattern).limit(KEYS_PER_SCAN);
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            ScanCursor from = cursor;
            KeyScanCursor<byte[]> found = answer(() -> redis.scan(from, matching));
            found.getKeys().forEach(key -> each.accept(text(key)));
            cursor = found;
        }
    }

    private static Map<String, String> textOf(Map<byte[], byte[]> hash) {
        return hash.entrySet().stream()
                .collect(toMap(
                        field -> text(field.getKey()), field -> text(field.getValue()), (a, b) -> a, HashMap::new));
    }

    private static Map<String, String> textOf(List<KeyValue<byte[], byte[]>> fields) {
        return fields.stream()
                .filter(KeyValue::hasValue)
                .collect(toMap(field -> text(field.getKey()), field -> text(field.getValue())));
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "nothing" : "\"" + text + "\"";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
