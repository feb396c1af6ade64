package redpacket.sink.readmodel;

import static java.util.stream.Collectors.toMap;
import static redpacket.sink.readmodel.Utf8.bytes;
import static redpacket.sink.readmodel.Utf8.text;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.events.Split;
import redpacket.events.WindowStats;

/**
 * Reads the read model. Each method throws {@link RedisException} if Redis is unavailable, and
 * {@link NotServingException} while no generation is whole.
 */
public final class Views {
    private static final Script WINNERS = Script.beside(Views.class, "winners.lua");
    private static final Script USER_PAGE = Script.beside(Views.class, "user-page.lua");

    /** More than the clocks of brokers differ. One broker dates the opening of a packet, another one its grabs. */
    private static final long MAX_CLOCK_DIFFERENCE_MILLIS = TimeUnit.HOURS.toMillis(1);

    /** Shares of a packet that are checked for a missing winner. Redis needs 1.3 ms for this number. */
    private static final int SHARES_CHECKED = 1_000;

    /** Winners per command, so that no command blocks Redis for long. */
    private static final int WINNERS_AT_ONCE = 1_000;

    private final RedisConnection connection;
    private final Progress progress;

    public Views(RedisConnection connection) {
        this.connection = connection;
        this.progress = new Progress(connection);
    }

    /**
     * The progress of building the read model.
     *
     * @param serving whether a whole generation can be read
     * @param rebuilding whether a generation is being built; the previous one may be served meanwhile
     * @param share how much of the generation is built, from 0 to 1
     */
    public record Building(boolean serving, boolean rebuilding, double share) {}

    public Building building() {
        return generation()
                .map(generation ->
                        new Building(generation.serving() != null, !generation.isWhole(), generation.share()))
                .orElse(new Building(false, true, 0));
    }

    /** The packet. Empty if it was never opened or has been forgotten. */
    public Optional<PacketView> packet(String packetId) {
        long generation = serving();
        Map<String, String> fields = fields(generation, packetId);
        if (!isOpened(fields)) {
            return Optional.empty();
        }
        CompletionStage<List<Object>> won = WINNERS.call(
                redis(),
                ScriptOutputType.MULTI,
                days(generation, packetId, fields).toArray(byte[][]::new),
                bytes(packetId),
                bytes(fields.get("shares")),
                bytes(winnersSinceMillis(fields)),
                bytes(SHARES_CHECKED));
        return Optional.of(packet(packetId, fields, await(won)));
    }

    /**
     * The winners of a packet in the order of their shares. Fewer than the limit if there are no more. Empty for an
     * unknown packet.
     *
     * @param first index of the first share
     */
    public List<Award> winners(String packetId, int first, int limit) {
        long generation = serving();
        Map<String, String> fields = fields(generation, packetId);
        if (!isOpened(fields)) {
            return List.of();
        }
        List<byte[]> days = days(generation, packetId, fields);
        long sinceMillis = winnersSinceMillis(fields);
        long end = Math.min((long) first + limit, Long.parseLong(fields.get("shares")));
        List<Award> winners = new ArrayList<>();
        for (long from = first; from < end; from += WINNERS_AT_ONCE) {
            List<Award> page = winners(packetId, days, sinceMillis, from, Math.min(end, from + WINNERS_AT_ONCE));
            for (Award winner : page) {
                if (winner == null) {
                    return winners;
                }
                winners.add(winner);
            }
        }
        return winners;
    }

    /** The winners of a range of shares; null for a share without a winner. */
    private List<Award> winners(String packetId, List<byte[]> days, long sinceMillis, long from, long to) {
        byte[][] names = LongStream.range(from, to)
                .mapToObj(index -> bytes(Keys.winner(packetId, index)))
                .toArray(byte[][]::new);
        Award[] winners = new Award[names.length];
        RedisClusterAsyncCommands<byte[], byte[]> redis = redis();
        List<CompletionStage<List<KeyValue<byte[], byte[]>>>> ofDays = new ArrayList<>();
        for (byte[] day : days) {
            ofDays.add(redis.hmget(day, names));
        }
        for (CompletionStage<List<KeyValue<byte[], byte[]>>> ofDay : ofDays) {
            List<KeyValue<byte[], byte[]>> found = await(ofDay);
            for (int i = 0; i < winners.length; i++) {
                if (!found.get(i).hasValue()) {
                    continue;
                }
                int index = Math.toIntExact(from + i);
                Award winner =
                        RunningTotals.award(packetId, index, text(found.get(i).getValue()));
                // An earlier winner belongs to a forgotten packet with the same id.
                if (winner.grabbedAtMillis() >= sinceMillis) {
                    winners[i] = winner;
                }
            }
        }
        return Arrays.asList(winners);
    }

    /**
     * The {@linkplain Retention retained} awards of a user, latest first. Fewer than the limit if there are no more.
     *
     * @param after {@linkplain Award#cursor() cursor} of the last award of the previous page; null for the first page
     * @throws IllegalArgumentException if the cursor is invalid
     */
    public List<Award> awards(String userId, String after, int limit) {
        String before = after == null ? Award.afterAllOf(userId) : Award.entryAt(userId, after);
        long generation = serving();
        int bucket = Keys.bucketOf(userId);
        byte[][] days = await(redis().zrevrange(Keys.daysOfUsers(generation), 0, -1)).stream()
                .map(day -> Keys.users(generation, bucket, Long.parseLong(text(day))))
                .toArray(byte[][]::new);
        if (days.length == 0) {
            return List.of();
        }
        CompletionStage<List<byte[]>> page = USER_PAGE.call(
                redis(),
                ScriptOutputType.MULTI,
                days,
                bytes("(" + Award.beforeAllOf(userId)),
                bytes("(" + before),
                bytes(limit));
        return await(page).stream().map(entry -> Award.ofUser(text(entry))).toList();
    }

    /** The latest windows of a scope, newest first. */
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
            if (!fields.isEmpty()) {
                windows.add(WindowHash.read(scope, startMillis, fields));
            }
        });
        return windows;
    }

    /** The fields of a packet without the empty ones. */
    private Map<String, String> fields(long generation, String packetId) {
        return await(redis().hgetall(Keys.packet(generation, packetId))).entrySet().stream()
                .filter(field -> field.getValue().length > 0)
                .collect(toMap(field -> text(field.getKey()), field -> text(field.getValue())));
    }

    /** False for a hash without an opening, for example if the retention of the topic has deleted the opening. */
    private static boolean isOpened(Map<String, String> fields) {
        return fields.containsKey("openedAtMillis");
    }

    /** The keys that contain the packet's winners: from the day of its opening to the day of its deadline. */
    private static List<byte[]> days(long generation, String packetId, Map<String, String> fields) {
        return Keys.winners(
                generation,
                Keys.bucketOf(packetId),
                Long.parseLong(fields.get("openedAtMillis")) - MAX_CLOCK_DIFFERENCE_MILLIS,
                Long.parseLong(fields.get("deadlineMillis")));
    }

    private static long winnersSinceMillis(Map<String, String> fields) {
        return Long.parseLong(fields.getOrDefault("winnersSinceMillis", "0"));
    }

    /** Combines the fields of the packet and the result of the script. */
    private static PacketView packet(String packetId, Map<String, String> fields, List<Object> found) {
        int winners = Math.toIntExact((Long) found.get(0));
        boolean whole = (Long) found.get(1) == 1 && !fields.containsKey("incomplete");
        RunningTotals last = winners == 0 ? null : RunningTotals.of(winners - 1, text((byte[]) found.get(2)));
        // If the packet is incomplete, the luckiest winner may be missing.
        byte[] luckiest = winners == 0 ? null : (byte[]) found.get(3);
        return new PacketView(
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
                numberOrNull(fields.get("startsAtMillis")),
                numberOrNull(fields.get("minCents")),
                numberOrNull(fields.get("maxCents")),
                SpecialFields.prizes(fields),
                SpecialFields.onlyUsers(fields),
                fields.get("currency"),
                fields.get("title"),
                whole);
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

    /** The generation that readers must use. */
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
