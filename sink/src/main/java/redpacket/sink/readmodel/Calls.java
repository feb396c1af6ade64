package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redpacket.connection.RedisConnection;

/** What one script is to do, in as few calls as Redis allows: a call for each packet would cost more than what it does. */
final class Calls {
    /** Awards or events in a call: it stops Redis, where the topology waits for shares, for 1 or 2 ms. */
    static final int MOST_AT_ONCE = 250;

    private final RedisConnection connection;
    private final Consumer<Call> send;
    private final byte[][] first;
    private final Map<Integer, Call> bySlot = new HashMap<>();

    /**
     * Gathers calls.
     *
     * @param send is given each call when it is as large as it may be
     * @param first arguments of every call
     */
    Calls(RedisConnection connection, Consumer<Call> send, byte[]... first) {
        this.connection = connection;
        this.send = send;
        this.first = first;
    }

    /** Keys and arguments of one call. */
    static final class Call {
        private final List<byte[]> keys = new ArrayList<>();
        private final List<byte[]> arguments = new ArrayList<>();
        private int size;

        private Call(byte[][] first) {
            arguments.addAll(List.of(first));
        }

        List<byte[]> keys() {
            return keys;
        }

        List<byte[]> arguments() {
            return arguments;
        }

        Call key(byte[] key) {
            keys.add(key);
            return this;
        }

        Call argument(byte[] argument) {
            arguments.add(argument);
            return this;
        }

        Call argument(String argument) {
            return argument(bytes(argument));
        }

        Call argument(long argument) {
            return argument(bytes(argument));
        }
    }

    /** The call to which to add the keys and arguments of so many awards or events, which are all of this key's slot. */
    Call with(byte[] key, int more) {
        int slot = connection.slotOf(key);
        Call call = bySlot.get(slot);
        if (call != null && call.size + more > MOST_AT_ONCE) {
            send.accept(call);
            call = null;
        }
        if (call == null) {
            call = new Call(first);
            bySlot.put(slot, call);
        }
        call.size += more;
        return call;
    }

    void sendRest() {
        bySlot.values().forEach(send);
    }
}
