package redpacket.sink.readmodel;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;

/** Commands that are sent together. */
final class Pipeline {
    /** Fields or entries in a command: it stops Redis, where the topology waits for shares, for less than a millisecond. */
    static final int MOST_AT_ONCE = 500;

    /** The connection refuses commands when more than twice as many wait for their answers. */
    private static final int MOST_UNDER_WAY = 20_000;

    private final List<AsyncCommand<byte[], byte[], ?>> commands = new ArrayList<>();
    private RedisConnection redis;
    private int sent;

    /** Adds a call of a script that Redis knows, and that answers with an integer. */
    void run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        commands.add(integer(CommandType.EVALSHA, call(script, keys, arguments)));
    }

    /** Sets fields of a hash: names and values in turn. */
    void setFields(byte[] key, List<byte[]> namesAndValues) {
        for (int from = 0; from < namesAndValues.size(); from += 2 * MOST_AT_ONCE) {
            List<byte[]> part = namesAndValues.subList(from, Math.min(namesAndValues.size(), from + 2 * MOST_AT_ONCE));
            commands.add(integer(CommandType.HSET, arguments().addKey(key).addValues(part)));
        }
    }

    /**
     * Completes, once this is {@linkplain #send sent}, with what a script that Redis knows finds for each argument: null where that is
     * nothing.
     */
    CompletableFuture<List<byte[]>> find(Script script, List<byte[]> keys, List<byte[]> arguments) {
        AsyncCommand<byte[], byte[], List<byte[]>> found = new AsyncCommand<>(new Command<>(
                CommandType.EVALSHA, new ValueListOutput<>(ByteArrayCodec.INSTANCE), call(script, keys, arguments)));
        commands.add(found);
        return found;
    }

    /** Adds entries to a sorted set in which they sort as text. */
    void addToSet(byte[] key, List<byte[]> entries) {
        for (int from = 0; from < entries.size(); from += MOST_AT_ONCE) {
            CommandArgs<byte[], byte[]> arguments = arguments().addKey(key);
            for (byte[] entry : entries.subList(from, Math.min(entries.size(), from + MOST_AT_ONCE))) {
                arguments.add(0).addValue(entry);
            }
            commands.add(integer(CommandType.ZADD, arguments));
        }
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

    /**
     * Call it once. What is more than may be under way is sent by {@link #await}.
     *
     * @throws io.lettuce.core.RedisException if Redis is away
     */
    void send(RedisConnection to) {
        redis = to;
        sendMore();
    }

    /**
     * Returns when all is done.
     *
     * @throws java.util.concurrent.CompletionException if something failed, or may not have been done
     * @throws io.lettuce.core.RedisException if Redis is away
     */
    void await() {
        for (int done = 0; done < commands.size(); sendMore()) {
            while (done < sent) {
                commands.get(done++).join();
            }
        }
    }

    private void sendMore() {
        int end = Math.min(commands.size(), sent + MOST_UNDER_WAY);
        if (sent < end) {
            redis.sendAll(commands.subList(sent, end));
        }
        sent = end;
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
