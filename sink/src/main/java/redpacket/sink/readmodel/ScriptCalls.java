package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redpacket.clients.RedisConnection;

/** What one script is to do, in as few calls as Redis allows: a call for each key would cost more than what it does. */
final class ScriptCalls {
    /** Keys in a call: it stops Redis, where the topology waits for shares, for 1 or 2 ms. */
    static final int MOST_AT_ONCE = 250;

    private final RedisConnection connection;
    private final Consumer<Call> send;
    private final byte[] first;
    private final Map<Integer, Call> bySlot = new HashMap<>();

    /**
     * Gathers calls.
     *
     * @param send is given each call when it is as large as it may be
     * @param first argument of every call
     */
    ScriptCalls(RedisConnection connection, Consumer<Call> send, byte[] first) {
        this.connection = connection;
        this.send = send;
        this.first = first;
    }

    /** Keys and arguments of one call. */
    static final class Call {
        private final List<byte[]> keys = new ArrayList<>();
        private final List<byte[]> arguments = new ArrayList<>();

        List<byte[]> keys() {
            return keys;
        }

        List<byte[]> arguments() {
            return arguments;
        }

        Call argument(String argument) {
            arguments.add(bytes(argument));
            return this;
        }

        Call argument(long argument) {
            arguments.add(bytes(argument));
            return this;
        }
    }

    /** The call to which to add the arguments of a key. */
    Call with(byte[] key) {
        int slot = connection.slotOf(key);
        Call call = bySlot.get(slot);
        if (call != null && call.keys.size() == MOST_AT_ONCE) {
            send.accept(call);
            call = null;
        }
        if (call == null) {
            call = new Call();
            call.arguments.add(first);
            bySlot.put(slot, call);
        }
        call.keys.add(key);
        return call;
    }

    void sendRest() {
        bySlot.values().forEach(send);
        bySlot.clear();
    }
}
