package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static redpacket.topology.streams.StoreFormats.afterLastWinnerKey;
import static redpacket.topology.streams.StoreFormats.firstWinnerKey;
import static redpacket.topology.streams.StoreFormats.packetKey;
import static redpacket.topology.streams.StoreFormats.userOf;
import static redpacket.topology.streams.StoreFormats.winnersShare;

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
    private final Map<String, LivePacket> live;

    /** Opens the queue of a packet at a cursor. */
    interface ShareSource {
        ShareReader reader(Packet packet, int cursor);
    }

    /**
     * @param capacity packets to keep at hand, each of some hundred bytes and a few more for each of its winners
     */
    LivePackets(
            int capacity,
            KeyValueStore<Bytes, byte[]> packets,
            KeyValueStore<Bytes, byte[]> winners,
            ShareSource shareSource) {
        this.capacity = capacity;
        this.packets = packets;
        this.winners = winners;
        this.shareSource = shareSource;
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
            byte[] stored = packets.get(packetKey(packetId));
            if (stored != null) {
                found = rebuild(StoreFormats.packet(packetId, stored));
                live.put(packetId, found);
            }
        }
        return found;
    }

    /**
     * Finds those of these packets that are not at hand, and asks Redis for their next shares, all together.
     *
     * @param packetIds taken out; whatever else is among them is ignored
     */
    void prepare(Queue<byte[]> packetIds) {
        for (byte[] next = packetIds.poll(); next != null; next = packetIds.poll()) {
            String packetId = new String(next, ISO_8859_1);
            if (!live.containsKey(packetId)) {
                LivePacket coming = find(packetId);
                if (coming != null) {
                    coming.prefetchShares();
                }
            }
        }
    }

    /** Takes in a packet that was opened just now, and asks Redis for its first shares. */
    void add(Packet packet) {
        LivePacket opened = LivePacket.open(packet);
        ShareReader reader = shareSource.reader(packet, 0);
        reader.prefetch();
        opened.readSharesFrom(reader);
        live.put(packet.packetId(), opened);
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
