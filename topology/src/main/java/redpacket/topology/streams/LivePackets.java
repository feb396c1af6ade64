package redpacket.topology.streams;

import static redpacket.topology.streams.StoreFormats.afterLastWinnerKey;
import static redpacket.topology.streams.StoreFormats.firstWinnerKey;
import static redpacket.topology.streams.StoreFormats.packetKey;
import static redpacket.topology.streams.StoreFormats.userOf;
import static redpacket.topology.streams.StoreFormats.winnersShare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;
import redpacket.topology.shares.ShareReader;

/** The packets of one task that were touched last; any other is rebuilt from the stores on its first touch. */
final class LivePackets {
    private final int capacity;
    private final KeyValueStore<Bytes, byte[]> packets;
    private final KeyValueStore<Bytes, byte[]> winners;
    private final ShareSource shareSource;
    private final LookAhead.Fetches coming;
    private final Map<String, LivePacket> live;
    private final Queue<LivePacket> unasked = new ArrayDeque<>();

    /** Opens the queue of a packet at a cursor. */
    interface ShareSource {
        ShareReader reader(Packet packet, int cursor);
    }

    /**
     * @param capacity packets to keep at hand, each of some hundred bytes and a few more for each of its winners
     * @param coming which packets will be asked for next
     */
    LivePackets(
            int capacity,
            KeyValueStore<Bytes, byte[]> packets,
            KeyValueStore<Bytes, byte[]> winners,
            ShareSource shareSource,
            LookAhead.Fetches coming) {
        this.capacity = capacity;
        this.packets = packets;
        this.winners = winners;
        this.shareSource = shareSource;
        this.coming = coming;
        this.live = new LinkedHashMap<>(1024, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, LivePacket> eldest) {
                return size() > LivePackets.this.capacity;
            }
        };
    }

    /** How many packets are open; reads all of the store. */
    long countOpen() {
        long open = 0;
        try (KeyValueIterator<Bytes, byte[]> all = packets.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> stored = all.next();
                if (!StoreFormats.packet("", stored.value).isClosed()) {
                    open++;
                }
            }
        }
        return open;
    }

    /** Null if there is no such packet. */
    LivePacket find(String packetId) {
        LivePacket found = live.get(packetId);
        if (found == null) {
            found = load(packetId);
            coming.forEachPacketId(this::prepare);
        }
        return found;
    }

    private LivePacket load(String packetId) {
        byte[] stored = packets.get(packetKey(packetId));
        if (stored == null) {
            return null;
        }
        LivePacket loaded = rebuild(StoreFormats.packet(packetId, stored));
        live.put(packetId, loaded);
        loaded.prefetchShares();
        return loaded;
    }

    /** So that the packets of a fetch that are not at hand wait for Redis together. */
    private void prepare(String packetId) {
        if (!live.containsKey(packetId)) {
            load(packetId);
        }
    }

    /** Takes in a packet that was opened just now, and asks Redis for its first shares. */
    void add(Packet packet) {
        LivePacket opened = LivePacket.open(packet);
        opened.readSharesFrom(shareSource.reader(packet, 0));
        live.put(packet.packetId(), opened);
        unasked.add(opened);
        prefetch();
    }

    /** Asks Redis for the first shares of packets that were opened while it was busy. */
    void prefetch() {
        while (!unasked.isEmpty() && unasked.peek().prefetchShares()) {
            unasked.remove();
        }
    }

    /** Deletes at most so many winners of a packet, and the packet with the last of them; returns how many. */
    int forget(String packetId, int most) {
        List<Bytes> keys = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = winnersOf(packetId)) {
            while (all.hasNext() && keys.size() < most) {
                keys.add(all.next().key);
            }
        }
        keys.forEach(winners::delete);
        if (keys.size() < most) {
            packets.delete(packetKey(packetId));
            live.remove(packetId);
        }
        return keys.size();
    }

    private LivePacket rebuild(StoredPacket stored) {
        Packet packet = stored.packet();
        if (stored.isClosed()) {
            return LivePacket.closed(packet, stored.closing());
        }
        LivePacket rebuilt = LivePacket.open(packet);
        String packetId = packet.packetId();
        try (KeyValueIterator<Bytes, byte[]> all = winnersOf(packetId)) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> winner = all.next();
                rebuilt.award(userOf(winner.key, packetId), winnersShare(winner.value));
            }
        }
        rebuilt.readSharesFrom(shareSource.reader(packet, rebuilt.tally().awardedShares()));
        return rebuilt;
    }

    private KeyValueIterator<Bytes, byte[]> winnersOf(String packetId) {
        return winners.range(firstWinnerKey(packetId), afterLastWinnerKey(packetId));
    }
}
