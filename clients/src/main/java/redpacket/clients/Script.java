package redpacket.clients;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Lua script. Calls send its digest, or its text if the node of Redis does not know the script. */
public final class Script {
    private final byte[] text;
    private final String digest;

    private Script(byte[] text) {
        this.text = text;
        this.digest = Base16.digest(text);
    }

    /** Reads the script from a resource file in the package of the class that calls it. */
    public static Script beside(Class<?> caller, String file) {
        try (InputStream in = caller.getResourceAsStream(file)) {
            return new Script(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The SHA-1 for callers that send EVALSHA in their own pipeline. They must {@link #load} the script first. */
    public String digest() {
        return digest;
    }

    /** Loads the script into every node of Redis. */
    public CompletionStage<String> load(RedisClusterAsyncCommands<byte[], byte[]> redis) {
        return redis.scriptLoad(text);
    }

    public <T> CompletionStage<T> call(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            ScriptOutputType reply,
            byte[][] keys,
            byte[]... arguments) {
        return redis.<T>evalsha(digest, reply, keys, arguments)
                .exceptionallyCompose(failure -> failure instanceof RedisNoScriptException
                        ? redis.eval(text, reply, keys, arguments)
                        : CompletableFuture.failedFuture(failure));
    }
}
