package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redpacket.connection.RedisConnection;

/**
 * What one script is to do, in as few calls as Redis allows: a call for each packet or user would cost more than what it does.
 *
 * @param <T> what is done
 */
final class Calls<T> {
    /** Awards or events in a call: it stops Redis, where the topology waits for shares, for 1 or 2 ms. */
    static final int MOST_AT_ONCE = 250;

    private final RedisConnection connection;
    private final Consumer<Call<T>> send;
    private final byte[][] first;
    private final Map<Integer, Call<T>> bySlot = new HashMap<>();

    /**
     * Gathers calls.
     *
     * @param send is given each call when it is as large as it may be
     * @param first arguments of every call
     */
    Calls(RedisConnection connection, Consumer<Call<T>> send, byte[]... first) {
        this.connection = connection;
        this.send = send;
        this.first = first;
    }

    /** Keys and arguments of one call. */
    static final class Call<T> {
        private final List<T> items = new ArrayList<>();
        private final List<byte[]> keys = new ArrayList<>();
        private final List<byte[]> arguments = new ArrayList<>();
        private int size;

        private Call(byte[][] first) {
            arguments.addAll(List.of(first));
        }

        List<T> items() {
            return items;
        }

        List<byte[]> keys() {
            return keys;
        }

        List<byte[]> arguments() {
            return arguments;
        }

        Call<T> key(byte[] key) {
            keys.add(key);
            return this;
        }

        Call<T> argument(byte[] argument) {
            arguments.add(argument);
            return this;
        }

        Call<T> argument(String argument) {
            return argument(bytes(argument));
        }

        Call<T> argument(long argument) {
            return argument(bytes(argument));
        }
    }

    /** The call to which to add keys and arguments of an item, which is of so many awards or events. */
    Call<T> with(byte[] key, T item, int more) {
        int slot = connection.slotOf(key);
        Call<T> call = bySlot.get(slot);
        if (call != null && call.size + more > MOST_AT_ONCE) {
            send.accept(call);
            call = null;
        }
        if (call == null) {
            call = new Call<>(first);
            bySlot.put(slot, call);
        }
        call.items.add(item);
        call.size += more;
        return call;
    }

    void sendRest() {
        bySlot.values().forEach(send);
    }
}
