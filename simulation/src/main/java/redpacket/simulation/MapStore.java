package redpacket.simulation;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A store of one task: what its changelog held at the start, and the writes since then. */
final class MapStore implements KeyValueStore<Bytes, byte[]> {
    private final String name;
    private final NavigableMap<Bytes, byte[]> content;
    private final Changelog changelog;

    /** Gets each write first, and may fail. */
    interface Changelog {
        void change(Bytes key, byte[] valueOrNull);
    }

    MapStore(String name, NavigableMap<Bytes, byte[]> restored, Changelog changelog) {
        this.name = name;
        this.content = new TreeMap<>(restored);
        this.changelog = changelog;
    }

    @Override
    public void put(Bytes key, byte[] value) {
        changelog.change(key, value);
        if (value == null) {
            content.remove(key);
        } else {
            content.put(key, value);
        }
    }

    @Override
    public byte[] putIfAbsent(Bytes key, byte[] value) {
        byte[] before = get(key);
        if (before == null) {
            put(key, value);
        }
        return before;
    }

    @Override
    public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
        entries.forEach(entry -> put(entry.key, entry.value));
    }

    @Override
    public byte[] delete(Bytes key) {
        byte[] before = get(key);
        put(key, null);
        return before;
    }

    @Override
    public byte[] get(Bytes key) {
        return content.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
        return new Entries(part(from, to));
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> reverseRange(Bytes from, Bytes to) {
        return new Entries(part(from, to).descendingMap());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
        return new Entries(content);
    }

    private NavigableMap<Bytes, byte[]> part(Bytes from, Bytes to) {
        NavigableMap<Bytes, byte[]> tail = from == null ? content : content.tailMap(from, true);
        return to == null ? tail : tail.headMap(to, true);
    }

    @Override
    public long approximateNumEntries() {
        return content.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {}

    @Override
    public void close() {}

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** Steps from key to key, so that entries may be changed meanwhile. */
    private static final class Entries implements KeyValueIterator<Bytes, byte[]> {
        private final NavigableMap<Bytes, byte[]> entries;
        private Map.Entry<Bytes, byte[]> next;

        Entries(NavigableMap<Bytes, byte[]> entries) {
            this.entries = entries;
            this.next = entries.firstEntry();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            KeyValue<Bytes, byte[]> entry = KeyValue.pair(next.getKey(), next.getValue());
            next = entries.higherEntry(entry.key);
            return entry;
        }

        @Override
        public Bytes peekNextKey() {
            return next.getKey();
        }

        @Override
        public void close() {}
    }
}
