package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.parts.LocalRedis;
import redpacket.topology.shares.ShareQueues;

/** The model and a real Redis get the same random commands, and must answer and hold the same. */
class RedisModelIT {
    private static final int COMMANDS = 5_000;
    private static final Script POP = Script.beside(ShareQueues.class, "pop.lua");
    private static final Script APPEND = Script.beside(ShareQueues.class, "append.lua");
    private static final Script PUBLISH = Script.beside(ShareQueues.class, "publish.lua");
    private static final String[] KEYS = {"{p}:shares", "{p}:popped", "{p}:loading"};

    /** Enough for the test, so that nothing expires in between. */
    private static final byte[] MILLIS_TO_LIVE = text(600_000);

    private final long seed = Long.getLong("redpacket.seed", System.nanoTime() % 1_000_000);
    private final Random random = new Random(seed);
    private final RedisModel model = new RedisModel(() -> 0);

    @Test
    void shouldAnswerAsRedisWhenCommandsAreRandom() {
        System.out.println("redpacket.seed=" + seed);
        try (LocalRedis server = LocalRedis.start();
                RedisConnection redis = RedisConnection.open(server.address())) {
            redis.requireReachable(Duration.ofSeconds(30));
            for (int i = 0; i < COMMANDS; i++) {
                String command = next(redis.commands());
                for (String key : KEYS) {
                    assertThat(stored(redis.commands(), key))
                            .as("%s after command %d, %s", key, i, command)
                            .isEqualTo(texts(model.elements(key)));
                }
            }
        }
    }

    /** Executes a command in both. */
    private String next(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                int total = 1 + random.nextInt(6);
                int cursor = random.nextInt(total);
                int n = 1 + random.nextInt(total - cursor);
                List<byte[]> arguments = new ArrayList<>(List.of(
                        text(cursor),
                        text(n),
                        text(total),
                        text(1 + random.nextInt(4)),
                        MILLIS_TO_LIVE,
                        text(34),
                        text(random.nextInt(2))));
                if (random.nextInt(3) > 0) {
                    arguments.addAll(entries(total));
                }
                return both(POP, ScriptOutputType.VALUE, new String[] {KEYS[0], KEYS[1]}, arguments, redis);
            }
            case 4, 5 -> {
                List<byte[]> arguments = new ArrayList<>(List.of(text(random.nextInt(4)), MILLIS_TO_LIVE));
                arguments.addAll(entries(1 + random.nextInt(3)));
                return both(APPEND, ScriptOutputType.INTEGER, new String[] {KEYS[2]}, arguments, redis);
            }
            case 6 -> {
                return both(
                        PUBLISH,
                        ScriptOutputType.STATUS,
                        new String[] {KEYS[2], KEYS[0], KEYS[1]},
                        List.of(text(1 + random.nextInt(6)), MILLIS_TO_LIVE),
                        redis);
            }
            case 7 -> {
                String key = anyKey();
                compare(() -> redis.unlink(bytes(key)), () -> model.unlink(key), "unlink");
                return "UNLINK " + key;
            }
            case 8 -> {
                String key = anyKey();
                compare(() -> redis.set(bytes(key), bytes("x")), () -> set(key), "set");
                return "SET " + key;
            }
            default -> {
                String key = anyKey();
                model.unlink(key);
                model.push(key, entries(2));
                redis.unlink(bytes(key)).toCompletableFuture().join();
                redis.rpush(bytes(key), entries(2).toArray(new byte[0][]))
                        .toCompletableFuture()
                        .join();
                return "RPUSH " + key;
            }
        }
    }

    private String both(
            Script script,
            ScriptOutputType type,
            String[] keys,
            List<byte[]> arguments,
            RedisClusterAsyncCommands<byte[], byte[]> redis) {
        String command = String.join(" ", keys) + " " + texts(arguments);
        byte[][] values = arguments.toArray(new byte[0][]);
        byte[][] keyBytes = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            keyBytes[i] = bytes(keys[i]);
        }
        compare(
                () -> script.<Object>call(redis, type, keyBytes, values),
                () -> {
                    if (script == POP) {
                        return model.pop(keys, values);
                    } else if (script == APPEND) {
                        return model.append(keys, values);
                    }
                    model.publish(keys, values);
                    return null;
                },
                command);
        return command;
    }

    private static void compare(Supplier<CompletionStage<?>> real, Supplier<Object> modelled, String command) {
        Object expected;
        try {
            expected = real.get().toCompletableFuture().join();
        } catch (CompletionException e) {
            expected = "an error";
        }
        Object found;
        try {
            found = modelled.get();
        } catch (RedisModel.ErrorReply e) {
            found = "an error";
        }
        assertThat(found instanceof byte[] bytes ? text(bytes) : found)
                .as(command)
                .isEqualTo(expected instanceof byte[] bytes ? text(bytes) : expected);
    }

    private Object set(String key) {
        model.set(key, bytes("x"));
        return "OK";
    }

    private static List<String> stored(RedisClusterAsyncCommands<byte[], byte[]> redis, String key) {
        String type = redis.type(bytes(key)).toCompletableFuture().join();
        return switch (type) {
            case "none" -> List.of();
            case "string" ->
                List.of(text(redis.get(bytes(key)).toCompletableFuture().join()));
            default ->
                texts(redis.lrange(bytes(key), 0, -1).toCompletableFuture().join());
        };
    }

    private String anyKey() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private static List<byte[]> entries(int count) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(bytes((i + 1) + ":0123456789abcdef"));
        }
        return entries;
    }

    private static List<String> texts(List<byte[]> all) {
        return all.stream().map(RedisModelIT::text).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] text(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
