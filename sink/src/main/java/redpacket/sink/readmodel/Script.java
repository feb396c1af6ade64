package redpacket.sink.readmodel;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Lua script beside this class, called by its digest, and by its text where a node of Redis does not know it. */
final class Script {
    private final byte[] text;
    private final String digest;

    private Script(byte[] text) {
        this.text = text;
        this.digest = Base16.digest(text);
    }

    static Script named(String file) {
        try (InputStream in = Script.class.getResourceAsStream(file)) {
            return new Script(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String digest() {
        return digest;
    }

    /** Makes the script known to Redis, to all nodes of it. */
    CompletionStage<String> load(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        return redis.scriptLoad(text);
    }

    /** Calls a script that returns an integer. */
    CompletionStage<Long> call(RedisClusterAsyncCommands<byte[], byte[]> redis, byte[][] keys, byte[]... arguments) {
        return call(redis, ScriptOutputType.INTEGER, keys, arguments);
    }

    <T> CompletionStage<T> call(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            ScriptOutputType reply,
            byte[][] keys,
            byte[]... arguments) {
        return redis.<T>evalsha(digest, reply, keys, arguments)
                .exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                        ? redis.eval(text, reply, keys, arguments)
                        : CompletableFuture.failedFuture(failure));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
