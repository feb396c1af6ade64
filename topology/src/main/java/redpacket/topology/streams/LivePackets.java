package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static redpacket.topology.streams.StoreFormats.packetKey;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
    private final WinnerStore winners;
    private final ShareSource shareSource;
    private final LookAhead.Fetches coming;
    /** In the order of their eviction. */
    private final Map<String, LivePacket> live = new LinkedHashMap<>();

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
            WinnerStore winners,
            ShareSource shareSource,
            LookAhead.Fetches coming) {
        this.capacity = capacity;
        this.packets = packets;
        this.winners = winners;
        this.shareSource = shareSource;
        this.coming = coming;
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
            // The packets of a fetch that are not at hand wait for Redis together.
            coming.forEachPacketId(this::load);
            // Last, so that it is the others that are let go for it.
            found = load(packetId);
        } else {
            found.touched = true;
        }
        return found;
    }

    private LivePacket load(String packetId) {
        LivePacket atHand = live.get(packetId);
        if (atHand != null) {
            return atHand;
        }
        byte[] stored = packets.get(packetKey(packetId));
        if (stored == null) {
            return null;
        }
        LivePacket loaded = rebuild(StoreFormats.packet(packetId, stored));
        keep(loaded);
        loaded.prefetchShares();
        return loaded;
    }

    /** Takes in a packet that was opened just now, and asks Redis for its first shares. */
    void add(Packet packet) {
        LivePacket opened = new LivePacket(packet, winners.none(bytes(packet)), false);
        opened.readSharesFrom(shareSource.reader(packet, 0));
        keep(opened);
        unasked.add(opened);
        prefetch();
    }

    /** Asks Redis for the first shares of packets that were opened while it was busy. */
    void prefetch() {
        while (!unasked.isEmpty() && unasked.peek().prefetchShares()) {
            unasked.remove();
        }
    }

    /** Deletes at most so many records of a packet's winners, and the packet with the last of them; returns how many. */
    int forget(String packetId, int most) {
        LivePacket atHand = live.remove(packetId);
        if (atHand != null) {
            atHand.writeWinners();
        }
        int deleted = winners.delete(packetId.getBytes(ISO_8859_1), most);
        if (deleted < most) {
            packets.delete(packetKey(packetId));
        }
        return deleted;
    }

    private LivePacket rebuild(StoredPacket stored) {
        Packet packet = stored.packet();
        LivePacket rebuilt = new LivePacket(packet, winners.read(bytes(packet)), stored.isClosed());
        if (!stored.isClosed()) {
            rebuilt.readSharesFrom(shareSource.reader(packet, rebuilt.tally().awardedShares()));
        }
        return rebuilt;
    }

    /**
     * Makes room if there is none: one that was touched since it was last looked at is spared for a round (the CLOCK algorithm,
     * Corbató 1968). To keep them in the order of their last touch would cost each grab several misses of the processor's caches.
     */
    private void keep(LivePacket packet) {
        live.put(packet.packet.packetId(), packet);
        while (live.size() > capacity) {
            Iterator<LivePacket> oldestFirst = live.values().iterator();
            LivePacket oldest = oldestFirst.next();
            oldestFirst.remove();
            if (oldest.touched) {
                oldest.touched = false;
                live.put(oldest.packet.packetId(), oldest);
            } else {
                oldest.writeWinners();
            }
        }
    }

    private static byte[] bytes(Packet packet) {
        return packet.packetId().getBytes(ISO_8859_1);
    }
}
