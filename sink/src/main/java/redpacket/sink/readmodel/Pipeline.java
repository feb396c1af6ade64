package redpacket.sink.readmodel;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redpacket.connection.RedisConnection;
import redpacket.connection.Script;

/** Commands that are sent together; each answers with an integer. */
final class Pipeline {
    private final List<AsyncCommand<byte[], byte[], Long>> commands = new ArrayList<>();

    /** Adds a call of a script that Redis knows. */
    void run(Script script, byte[][] keys, byte[]... arguments) {
        commands.add(call(script, keys, arguments));
    }

    /** The same, and returns its answer, which comes once this is {@linkplain #send sent}. */
    CompletableFuture<Long> ask(Script script, byte[][] keys, byte[]... arguments) {
        AsyncCommand<byte[], byte[], Long> call = call(script, keys, arguments);
        commands.add(call);
        return call;
    }

    void expire(byte[] key, long millis) {
        commands.add(command(CommandType.PEXPIRE, arguments().addKey(key).add(millis)));
    }

    void setNumber(byte[] key, String field, long number) {
        commands.add(
                command(CommandType.HSET, arguments().addKey(key).add(field).add(number)));
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

    private static AsyncCommand<byte[], byte[], Long> call(Script script, byte[][] keys, byte[]... arguments) {
        return command(
                CommandType.EVALSHA,
                arguments().add(script.digest()).add(keys.length).addKeys(keys).addValues(Arrays.asList(arguments)));
    }

    private static AsyncCommand<byte[], byte[], Long> command(CommandType type, CommandArgs<byte[], byte[]> arguments) {
        return new AsyncCommand<>(new Command<>(type, new IntegerOutput<>(ByteArrayCodec.INSTANCE), arguments));
    }

    private static CommandArgs<byte[], byte[]> arguments() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }
}
