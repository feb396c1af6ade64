package redpacket.sink.readmodel;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redpacket.connection.RedisConnection;
import redpacket.connection.Script;

/** Commands that are sent together. */
final class Pipeline {
    private final List<AsyncCommand<byte[], byte[], ?>> commands = new ArrayList<>();

    /** Adds a call of a script that Redis knows, and that answers with an integer. */
    void run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        commands.add(integer(CommandType.EVALSHA, call(script, keys, arguments)));
    }

    /** The same of a script that answers with a list, which comes once this is {@linkplain #send sent}. */
    CompletableFuture<List<Object>> ask(Script script, List<byte[]> keys, List<byte[]> arguments) {
        AsyncCommand<byte[], byte[], List<Object>> call = new AsyncCommand<>(new Command<>(
                CommandType.EVALSHA, new ArrayOutput<>(ByteArrayCodec.INSTANCE), call(script, keys, arguments)));
        commands.add(call);
        return call;
    }

    void expire(byte[] key, long millis) {
        commands.add(integer(CommandType.PEXPIRE, arguments().addKey(key).add(millis)));
    }

    /** Completes with 1, or with 0 if the field was there before. */
    CompletableFuture<Long> setNumber(byte[] key, String field, long number) {
        AsyncCommand<byte[], byte[], Long> set =
                integer(CommandType.HSET, arguments().addKey(key).add(field).add(number));
        commands.add(set);
        return set;
    }

    /** Removes all but the last members of a sorted set. */
    void keepLast(byte[] key, int count) {
        commands.add(integer(
                CommandType.ZREMRANGEBYRANK, arguments().addKey(key).add(0).add(-count - 1L)));
    }

    /** Call it once. */
    void send(RedisConnection redis) {
        if (!commands.isEmpty()) redis.sendAll(commands);
    }

    /**
     * Returns when all is done.
     *
     * @throws java.util.concurrent.CompletionException if something failed, or may not have been done
     */
    void await() {
        commands.forEach(CompletableFuture::join);
    }

    private static AsyncCommand<byte[], byte[], Long> integer(CommandType type, CommandArgs<byte[], byte[]> arguments) {
        return new AsyncCommand<>(new Command<>(type, new IntegerOutput<>(ByteArrayCodec.INSTANCE), arguments));
    }

    private static CommandArgs<byte[], byte[]> call(Script script, List<byte[]> keys, List<byte[]> arguments) {
        return arguments().add(script.digest()).add(keys.size()).addKeys(keys).addValues(arguments);
    }

    private static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }
}
