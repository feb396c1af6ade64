package redpacket.sink.readmodel;

import static java.util.stream.Collectors.toMap;
import static redpacket.sink.readmodel.Utf8.bytes;
import static redpacket.sink.readmodel.Utf8.text;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import redpacket.connection.RedisConnection;
import redpacket.connection.Script;
import redpacket.events.Split;
import redpacket.events.WindowStats;

/**
 * Reads the read model. Each method throws {@link RedisException} when Redis is away, and {@link NotServingException} while
 * there is nothing whole to show.
 */
public final class Views {
    private static final Script PACKET = Script.beside(Views.class, "packet.lua");
    private static final Script USER_PAGE = Script.beside(Views.class, "user-page.lua");

    private static final String WINNERS_SINCE = "winnersSinceMillis";

    /** All but the winners, in the order that the script expects. */
    private static final byte[][] FIELDS_OF_PACKET = Stream.of(
                    "shares",
                    WINNERS_SINCE,
                    "status",
                    "senderId",
                    "totalCents",
                    "split",
                    "campaign",
                    "openedAtMillis",
                    "deadlineMillis",
                    "commitment",
                    "closedAtMillis",
                    "awardedShares",
                    "awardedCents",
                    "refundedCents",
                    "luckiestUser",
                    "luckiestIndex",
                    "luckiestCents",
                    "seed",
                    "incomplete")
            .map(Utf8::bytes)
            .toArray(byte[][]::new);

    /** So that no question stops Redis for long. */
    private static final int WINNERS_AT_ONCE = 1_000;

    private final RedisConnection connection;
    private final Progress progress;

    public Views(RedisConnection connection) {
        this.connection = connection;
        this.progress = new Progress(connection);
    }

    /**
     * How the building of the read model goes.
     *
     * @param serving whether something whole can be shown
     * @param rebuilding whether a generation is being built; the one before may be served meanwhile
     * @param share how much of it is built, from 0 to 1
     */
    public record Building(boolean serving, boolean rebuilding, double share) {}

    public Building building() {
        return generation()
                .map(generation ->
                        new Building(generation.serving() != null, !generation.isWhole(), generation.share()))
                .orElse(new Building(false, true, 0));
    }

    /** The packet, if it was ever opened and is not forgotten. */
    public Optional<PacketView> packet(String packetId) {
        long generation = serving();
        byte[][] key = {Keys.packet(generation, packetId)};
        CompletionStage<List<Object>> found = PACKET.call(redis(), ScriptOutputType.MULTI, key, FIELDS_OF_PACKET);
        return packet(packetId, await(found));
    }

    /**
     * A packet's winners in the order of their shares; fewer than the limit when there are no more. Empty too when nothing is
     * known of the packet.
     *
     * @param first index of the first share
     */
    public List<Award> winners(String packetId, int first, int limit) {
        byte[] key = Keys.packet(serving(), packetId);
        List<Award> winners = new ArrayList<>();
        while (winners.size() < limit) {
            long from = (long) first + winners.size();
            int asked = Math.min(limit - winners.size(), WINNERS_AT_ONCE);
            byte[][] fields = Stream.concat(
                            Stream.of(bytes(WINNERS_SINCE)),
                            LongStream.range(from, from + asked).mapToObj(Utf8::bytes))
                    .toArray(byte[][]::new);
            List<KeyValue<byte[], byte[]>> found = await(redis().hmget(key, fields));
            long sinceMillis = Long.parseLong(text(found.get(0).getValueOrElse(bytes(0))));
            for (KeyValue<byte[], byte[]> entry : found.subList(1, found.size())) {
                if (!entry.hasValue()) return winners;
                Award winner = Winner.award(packetId, first + winners.size(), text(entry.getValue()));
                // Who won of another packet, which had the id before.
                if (winner.grabbedAtMillis() < sinceMillis) return winners;
                winners.add(winner);
            }
        }
        return winners;
    }

    /**
     * A user's awards, the latest first, as long as they are {@linkplain Keeping kept}; fewer than the limit when there are no more.
     *
     * @param after {@linkplain Award#cursor() cursor} of the award after which to go on; null to begin
     * @throws IllegalArgumentException if it is no cursor
     */
    public List<Award> awards(String userId, String after, int limit) {
        String before = after == null ? Award.afterAllOf(userId) : Award.entryAt(userId, after);
        long generation = serving();
        int bucket = Keys.bucketOf(userId);
        byte[][] days = await(redis().zrevrange(Keys.daysOfUsers(generation), 0, -1)).stream()
                .map(day -> Keys.users(generation, bucket, Long.parseLong(text(day))))
                .toArray(byte[][]::new);
        if (days.length == 0) return List.of();
        CompletionStage<List<byte[]>> page = USER_PAGE.call(
                redis(),
                ScriptOutputType.MULTI,
                days,
                bytes("(" + Award.beforeAllOf(userId)),
                bytes("(" + before),
                bytes(limit));
        return await(page).stream().map(entry -> Award.ofUser(text(entry))).toList();
    }

    /** The latest windows of a scope, the newest first. */
    public List<WindowStats> windows(String scope, int limit) {
        serving();
        RedisClusterAsyncCommands<byte[], byte[]> redis = redis();
        Map<Long, CompletableFuture<Map<byte[], byte[]>>> hashes = new LinkedHashMap<>();
        for (byte[] start : await(redis.zrevrange(Keys.windows(scope), 0, limit - 1))) {
            long startMillis = Long.parseLong(text(start));
            hashes.put(
                    startMillis, redis.hgetall(Keys.window(scope, startMillis)).toCompletableFuture());
        }
        List<WindowStats> windows = new ArrayList<>();
        hashes.forEach((startMillis, hash) -> {
            Map<String, Long> fields = await(hash).entrySet().stream()
                    .collect(toMap(field -> text(field.getKey()), field -> Long.valueOf(text(field.getValue()))));
            if (!fields.isEmpty()) windows.add(WindowHash.read(scope, startMillis, fields));
        });
        return windows;
    }

    /** Of what the script found. */
    private static Optional<PacketView> packet(String packetId, List<Object> found) {
        Map<String, String> fields = new HashMap<>();
        List<?> values = (List<?>) found.get(0);
        for (int i = 0; i < values.size(); i++) {
            byte[] value = (byte[]) values.get(i);
            // An empty one stands for none.
            if (value != null && value.length > 0) fields.put(text(FIELDS_OF_PACKET[i]), text(value));
        }
        // Awards can get here a moment before the opened event: they are on another topic.
        if (!fields.containsKey("openedAtMillis")) {
            return Optional.empty();
        }
        int winners = Math.toIntExact((Long) found.get(1));
        boolean whole = (Long) found.get(2) == 1 && !fields.containsKey("incomplete");
        // Of a packet that is not whole, the luckiest may be missing.
        byte[] luckiest = found.size() < 5 ? null : (byte[]) found.get(4);
        Winner last = winners == 0 ? null : Winner.of(winners - 1, text((byte[]) found.get(3)));
        return Optional.of(new PacketView(
                packetId,
                PacketView.Status.of(fields.get("status")),
                fields.get("senderId"),
                Long.parseLong(fields.get("totalCents")),
                Integer.parseInt(fields.get("shares")),
                Split.valueOf(fields.get("split")),
                fields.get("campaign"),
                Long.parseLong(fields.get("openedAtMillis")),
                Long.parseLong(fields.get("deadlineMillis")),
                fields.get("commitment"),
                winners,
                last == null ? 0 : last.centsSoFar(),
                luckiest == null ? null : last.luckiest(text(luckiest)),
                numberOrNull(fields.get("closedAtMillis")),
                numberOrNull(fields.get("refundedCents")),
                fields.get("seed"),
                whole));
    }

    private static Long numberOrNull(String number) {
        return number == null ? null : Long.valueOf(number);
    }

    private RedisClusterAsyncCommands<byte[], byte[]> redis() {
        return connection.commands();
    }

    private Optional<Generation> generation() {
        return await(progress.load());
    }

    /** The generation to read from. */
    private long serving() {
        Generation generation = generation().orElseThrow(() -> new NotServingException(0));
        if (generation.serving() == null) {
            throw new NotServingException(generation.share());
        }
        return generation.serving();
    }

    private static <T> T await(CompletionStage<T> command) {
        try {
            return command.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RedisException redis ? redis : new RedisException(e.getCause());
        }
    }
}
