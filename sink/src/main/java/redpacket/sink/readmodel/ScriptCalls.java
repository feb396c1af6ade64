package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redpacket.clients.RedisConnection;

/** The calls of a script, grouped: one call has many keys, because a call costs more than the work for one key. */
final class ScriptCalls {
    /** Keys per call. Redis needs 1 or 2 ms for a call of this size. The topology waits that long for its shares. */
    static final int MOST_AT_ONCE = 250;

    private final RedisConnection connection;
    private final Consumer<Call> send;
    private final byte[] first;
    private final Map<Integer, Call> bySlot = new HashMap<>();

    /**
     * Creates an empty group.
     *
     * @param send receives each call that is full
     * @param first the first argument of every call
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

    /** Adds a key to a call. The caller adds the arguments of the key to the returned call. */
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
