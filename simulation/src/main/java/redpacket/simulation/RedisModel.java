package redpacket.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What Redis does with the commands and scripts of the share queues. {@code RedisModelIT} holds it against a real
 * Redis.
 */
final class RedisModel {
    private static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    private static final int GIVEN = 7;

    private final LongSupplier clockMillis;
    private Map<String, Value> values = new TreeMap<>();

    /** A list, or a string of one element. */
    private static final class Value {
        final boolean isList;
        final List<byte[]> elements;
        long expiresAtMillis = Long.MAX_VALUE;

        Value(boolean isList, List<byte[]> elements) {
            this.isList = isList;
            this.elements = new ArrayList<>(elements);
        }

        Value copy() {
            Value copy = new Value(isList, elements);
            copy.expiresAtMillis = expiresAtMillis;
            return copy;
        }
    }

    /** An error that Redis answers. */
    static final class ErrorReply extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ErrorReply(String message) {
            super(message);
        }
    }

    RedisModel(LongSupplier clockMillis) {
        this.clockMillis = clockMillis;
    }

    /** {@code pop.lua}. */
    byte[] pop(String[] keys, byte[][] arguments) {
        int cursor = number(arguments[0]);
        int n = number(arguments[1]);
        int total = number(arguments[2]);
        int step = number(arguments[3]);
        long millisToLive = Long.parseLong(text(arguments[4]));
        long longest = number(arguments[5]);
        boolean anew = text(arguments[6]).equals("1");
        int waiting = lengthOrNone(keys[0]);
        int done = lengthOrNone(keys[1]);
        boolean whole = waiting >= 0 && done >= 0 && waiting + done == total;
        if (anew || !whole) {
            if (arguments.length == GIVEN) {
                return null;
            }
            unlink(keys[0], keys[1]);
            push(keys[0], List.of(arguments).subList(GIVEN, arguments.length));
            expire(keys[0], millisToLive);
            done = 0;
        }
        int missing = cursor + n - done;
        if (missing > 0) {
            int moved = Math.min(missing, step);
            List<byte[]> waitingShares = list(keys[0]);
            if (waitingShares.size() < moved) {
                throw new ErrorReply("ERR the queue has too few elements");
            }
            List<byte[]> head = List.copyOf(waitingShares.subList(0, moved));
            waitingShares.subList(0, moved).clear();
            removeIfEmpty(keys[0]);
            push(keys[1], head);
            if (done == 0) {
                expire(keys[1], millisToLive);
            }
            if (moved < missing) {
                return new byte[0];
            }
        }
        List<byte[]> popped = list(keys[1]);
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        for (int at = cursor; at < Math.min(cursor + n, popped.size()); at++) {
            if (at > cursor) {
                entries.write(' ');
            }
            entries.writeBytes(popped.get(at));
        }
        return entries.size() > 0 && entries.size() <= n * longest ? entries.toByteArray() : new byte[] {' '};
    }

    /** {@code append.lua}. */
    long append(String[] keys, byte[][] arguments) {
        int before = number(arguments[0]);
        int length = length(keys[0]);
        if (length != before) {
            return length;
        }
        push(keys[0], List.of(arguments).subList(2, arguments.length));
        expire(keys[0], Long.parseLong(text(arguments[1])));
        return length(keys[0]);
    }

    /** {@code publish.lua}. */
    void publish(String[] keys, byte[][] arguments) {
        if (length(keys[0]) == number(arguments[0])) {
            unlink(keys[1], keys[2]);
            Value loaded = values.remove(keys[0]);
            if (loaded == null) {
                throw new ErrorReply("ERR no such key");
            }
            values.put(keys[1], loaded);
            expire(keys[1], Long.parseLong(text(arguments[1])));
        }
    }

    long unlink(String... keys) {
        long count = 0;
        for (String key : keys) {
            if (find(key) != null) {
                values.remove(key);
                count++;
            }
        }
        return count;
    }

    void set(String key, byte[] value) {
        values.put(key, new Value(false, List.of(value)));
    }

    void push(String key, List<byte[]> elements) {
        Value value = find(key);
        if (value == null) {
            value = new Value(true, List.of());
            values.put(key, value);
        }
        requireList(value).addAll(elements);
        removeIfEmpty(key);
    }

    void setElement(String key, int index, byte[] element) {
        list(key).set(index, element);
    }

    /** Removes the last elements of a list. */
    void trim(String key, int length) {
        List<byte[]> elements = list(key);
        elements.subList(Math.min(length, elements.size()), elements.size()).clear();
        removeIfEmpty(key);
    }

    void flush() {
        values.clear();
    }

    /** The keys that are present, in order. */
    List<String> keys() {
        List.copyOf(values.keySet()).forEach(this::find);
        return List.copyOf(values.keySet());
    }

    boolean isList(String key) {
        Value value = find(key);
        return value != null && value.isList;
    }

    /** The elements of a list, or the only one of a string; none if there is no such key. */
    List<byte[]> elements(String key) {
        Value value = find(key);
        return value == null ? List.of() : List.copyOf(value.elements);
    }

    /** All that is stored now; running the result brings it back. */
    Runnable snapshot() {
        Map<String, Value> copy = copyOf(values);
        return () -> values = copyOf(copy);
    }

    private static Map<String, Value> copyOf(Map<String, Value> values) {
        Map<String, Value> copy = new TreeMap<>();
        values.forEach((key, value) -> copy.put(key, value.copy()));
        return copy;
    }

    private int lengthOrNone(String key) {
        Value value = find(key);
        return value == null ? 0 : value.isList ? value.elements.size() : -1;
    }

    private int length(String key) {
        return list(key).size();
    }

    private List<byte[]> list(String key) {
        Value value = find(key);
        return value == null ? new ArrayList<>() : requireList(value);
    }

    private static List<byte[]> requireList(Value value) {
        if (!value.isList) {
            throw new ErrorReply(WRONG_TYPE);
        }
        return value.elements;
    }

    private void expire(String key, long millis) {
        Value value = find(key);
        if (value != null) {
            value.expiresAtMillis = clockMillis.getAsLong() + millis;
        }
    }

    private Value find(String key) {
        Value value = values.get(key);
        if (value != null && value.expiresAtMillis <= clockMillis.getAsLong()) {
            values.remove(key);
            return null;
        }
        return value;
    }

    private void removeIfEmpty(String key) {
        Value value = values.get(key);
        if (value != null && value.elements.isEmpty()) {
            values.remove(key);
        }
    }

    private static int number(byte[] argument) {
        return Integer.parseInt(text(argument));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
