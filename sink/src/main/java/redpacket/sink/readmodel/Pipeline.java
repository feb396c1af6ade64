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

/** Redis commands that are sent together. */
final class Pipeline {
    /**
     * Fields or entries per command. Redis needs less than a millisecond for a command of this size. The topology waits
     * that long for its shares.
     */
    static final int MOST_AT_ONCE = 500;

    /** Commands in flight. The connection refuses commands if more than twice this number are in flight. */
    private static final int MOST_IN_FLIGHT = 20_000;

    private final List<AsyncCommand<byte[], byte[], ?>> commands = new ArrayList<>();
    private RedisConnection redis;
    private int sent;

    /** Adds a call of a script that returns an integer. The script must be loaded. */
    void run(Script script, List<byte[]> keys, List<byte[]> arguments) {
        commands.add(integer(CommandType.EVALSHA, call(script, keys, arguments)));
    }

    /** Sets fields of a hash. Names and values alternate. */
    void setFields(byte[] key, List<byte[]> namesAndValues) {
        for (int from = 0; from < namesAndValues.size(); from += 2 * MOST_AT_ONCE) {
            List<byte[]> part = namesAndValues.subList(from, Math.min(namesAndValues.size(), from + 2 * MOST_AT_ONCE));
            commands.add(integer(CommandType.HSET, arguments().addKey(key).addValues(part)));
        }
    }

    /**
     * Adds a call of a script that returns one value, or nothing, for each argument. The script must be loaded. The
     * result completes after {@link #send}; it contains null where the script found nothing.
     */
    CompletableFuture<List<byte[]>> find(Script script, List<byte[]> keys, List<byte[]> arguments) {
        AsyncCommand<byte[], byte[], List<byte[]>> found = new AsyncCommand<>(new Command<>(
                CommandType.EVALSHA, new ValueListOutput<>(ByteArrayCodec.INSTANCE), call(script, keys, arguments)));
        commands.add(found);
        return found;
    }

    /** Adds entries to a sorted set. All scores are 0, so the entries sort as text. */
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

    /** Sets a field of a hash. Completes with 1 if the field is new, else with 0. */
    CompletableFuture<Long> setNumber(byte[] key, String field, long number) {
        AsyncCommand<byte[], byte[], Long> set =
                integer(CommandType.HSET, arguments().addKey(key).add(field).add(number));
        commands.add(set);
        return set;
    }

    /**
     * Sends the first commands; {@link #await} sends the rest. Call it once.
     *
     * @throws io.lettuce.core.RedisException if Redis is unavailable
     */
    void send(RedisConnection to) {
        redis = to;
        sendMore();
    }

    /**
     * Returns when Redis has answered all commands.
     *
     * @throws java.util.concurrent.CompletionException if a command failed, or if its result is unknown
     * @throws io.lettuce.core.RedisException if Redis is unavailable
     */
    void await() {
        for (int done = 0; done < commands.size(); sendMore()) {
            while (done < sent) {
                commands.get(done++).join();
            }
        }
    }

    private void sendMore() {
        int end = Math.min(commands.size(), sent + MOST_IN_FLIGHT);
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
