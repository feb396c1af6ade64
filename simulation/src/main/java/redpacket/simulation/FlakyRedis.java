package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.topology.shares.ShareQueues;

/**
 * A Redis and the network to it: the commands that the share queues use, executed in the model after a while. A command
 * that gets no answer in time fails, as Lettuce lets it fail, and may be executed later all the same.
 */
final class FlakyRedis {
    private static final long TIMEOUT_NANOS = RedisConnection.COMMAND_TIMEOUT.toNanos();
    private static final long USUAL_NANOS = TimeUnit.MICROSECONDS.toNanos(800);
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String POP =
            Script.beside(ShareQueues.class, "pop.lua").digest();
    private static final String APPEND =
            Script.beside(ShareQueues.class, "append.lua").digest();
    private static final String PUBLISH =
            Script.beside(ShareQueues.class, "publish.lua").digest();

    private final SimulatedTime time;
    private final Random random;
    private final Queue<Mishap> mishaps = new ArrayDeque<>();
    private long lastArrivalNanos;

    final RedisModel model;

    /** What the clock of Redis adds to the true time. */
    long clockMillis;

    /** Upper bound of what each command takes besides. */
    long slowNanos;

    boolean isDown;

    /** What happens to one command. */
    enum Mishap {
        /** Fails, and is executed after that. */
        LATE,
        /** Is executed a second time later, as after a reconnect. */
        TWICE,
        /** Fails, and is never executed. */
        NEVER,
        /** Is executed, and its answer is lost. */
        UNANSWERED
    }

    FlakyRedis(SimulatedTime time, Random random) {
        this.time = time;
        this.random = random;
        this.model = new RedisModel(() -> time.currentTimeMillis() + clockMillis);
    }

    /** The connection of one process. */
    @SuppressWarnings("unchecked")
    RedisClusterAsyncCommands<byte[], byte[]> commands() {
        return (RedisClusterAsyncCommands<byte[], byte[]>) Proxy.newProxyInstance(
                FlakyRedis.class.getClassLoader(),
                new Class<?>[] {RedisClusterAsyncCommands.class},
                (proxy, method, arguments) -> call(command(method, arguments)));
    }

    void befallNextCommand(Mishap mishap) {
        mishaps.add(mishap);
    }

    void heal() {
        mishaps.clear();
        slowNanos = 0;
        isDown = false;
        clockMillis = 0;
    }

    private Supplier<Object> command(Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "evalsha" -> script(arguments[0], texts((byte[][]) arguments[2]), (byte[][]) arguments[3]);
            case "unlink" -> {
                String[] keys = texts((byte[][]) arguments[0]);
                yield () -> model.unlink(keys);
            }
            case "set" -> {
                String key = text((byte[]) arguments[0]);
                byte[] value = (byte[]) arguments[1];
                yield () -> {
                    model.set(key, value);
                    return "OK";
                };
            }
            default -> throw new IllegalArgumentException("The model has no command " + method);
        };
    }

    private Supplier<Object> script(Object digest, String[] keys, byte[][] arguments) {
        if (digest.equals(POP)) {
            return () -> model.pop(keys, arguments);
        } else if (digest.equals(APPEND)) {
            return () -> model.append(keys, arguments);
        } else if (digest.equals(PUBLISH)) {
            return () -> {
                model.publish(keys, arguments);
                return null;
            };
        }
        throw new IllegalArgumentException("The model has no script " + digest);
    }

    private RedisFuture<Object> call(Supplier<Object> command) {
        if (isDown) {
            throw new RedisConnectionException("simulated: connection refused");
        }
        Reply reply = new Reply();
        Mishap mishap = mishaps.poll();
        long usualNanos = 1 + random.nextLong(USUAL_NANOS) + (slowNanos == 0 ? 0 : random.nextLong(slowNanos));
        // One connection: commands arrive in their order.
        long arrivalNanos = Math.max(lastArrivalNanos, time.nanoTime() + usualNanos);
        lastArrivalNanos = arrivalNanos;
        if (mishap == null || mishap == Mishap.TWICE || mishap == Mishap.UNANSWERED) {
            time.after(
                    arrivalNanos - time.nanoTime(), () -> execute(command, mishap == Mishap.UNANSWERED ? null : reply));
        }
        if (mishap == Mishap.TWICE) {
            time.after(arrivalNanos - time.nanoTime() + random.nextLong(LATEST_NANOS), () -> execute(command, null));
        } else if (mishap == Mishap.LATE) {
            time.after(TIMEOUT_NANOS + random.nextLong(LATEST_NANOS), () -> execute(command, null));
        }
        time.after(
                TIMEOUT_NANOS,
                () -> reply.completeExceptionally(new RedisCommandTimeoutException("simulated: no answer")));
        return reply;
    }

    private void execute(Supplier<Object> command, Reply replyOrNull) {
        if (isDown) {
            return;
        }
        try {
            Object result = command.get();
            if (replyOrNull != null) {
                replyOrNull.complete(result);
            }
        } catch (RedisModel.ErrorReply e) {
            if (replyOrNull != null) {
                replyOrNull.completeExceptionally(new RedisCommandExecutionException(e.getMessage()));
            }
        }
    }

    private static String[] texts(byte[][] all) {
        String[] texts = new String[all.length];
        for (int i = 0; i < all.length; i++) {
            texts[i] = text(all[i]);
        }
        return texts;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static final class Reply extends CompletableFuture<Object> implements RedisFuture<Object> {
        @Override
        public String getError() {
            return null;
        }

        @Override
        public boolean await(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }
}
