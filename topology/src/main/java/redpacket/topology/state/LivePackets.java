package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import redpacket.topology.packet.Packet;
import redpacket.topology.shares.ShareReader;

/** The packets of one task that were touched last; any other is rebuilt from the stores on its first touch. */
public final class LivePackets {
    private final int capacity;
    private final PacketStore packets;
    private final WinnerStore winners;
    private final ShareSource shareSource;
    private final ComingPackets coming;
    private final PacketTable live = new PacketTable();

    private final Queue<LivePacket> unasked = new ArrayDeque<>();

    /** Opens the queue of a packet at a cursor. */
    public interface ShareSource {
        ShareReader reader(Packet packet, int cursor);
    }

    /** Which packets will be asked for next: a hint that saves time. */
    public interface ComingPackets {
        /** Names each packet id that was not named before. */
        void forEachPacketId(Consumer<String> look);
    }

    /**
     * @param capacity packets to keep at hand, each of some hundred bytes and a few more for each of its winners
     * @param coming which packets will be asked for next
     */
    public LivePackets(
            int capacity,
            KeyValueStore<Bytes, byte[]> packets,
            KeyValueStore<Bytes, byte[]> winners,
            ShareSource shareSource,
            ComingPackets coming) {
        this.capacity = capacity;
        this.packets = new PacketStore(packets);
        this.winners = new WinnerStore(winners);
        this.shareSource = shareSource;
        this.coming = coming;
    }

    /** Null if there is no such packet. */
    public LivePacket find(String packetId) {
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
        StoredPacket stored = packets.find(packetId);
        if (stored == null) {
            return null;
        }
        LivePacket loaded = rebuild(stored);
        keep(loaded);
        loaded.prefetchShares();
        return loaded;
    }

    /** The packet with this id, at hand or not; null if there is none. */
    public Packet stored(String packetId) {
        StoredPacket stored = packets.find(packetId);
        return stored == null ? null : stored.packet();
    }

    /** Stores a new packet, and asks Redis for its first shares. */
    public void open(Packet packet) {
        packets.put(packet, false);
        LivePacket opened = new LivePacket(packet, winners);
        opened.readSharesFrom(shareSource.reader(packet, 0));
        keep(opened);
        unasked.add(opened);
        prefetch();
    }

    /** Asks Redis for the first shares of packets that were opened while it was busy. */
    public void prefetch() {
        while (!unasked.isEmpty() && unasked.peek().prefetchShares()) {
            unasked.remove();
        }
    }

    /** Deletes at most so many records of a packet's winners, and the packet with the last of them; returns how many. */
    public int forget(String packetId, int most) {
        LivePacket atHand = live.remove(packetId);
        if (atHand != null) {
            atHand.write();
        }
        int deleted = winners.delete(packetId.getBytes(ISO_8859_1), most);
        if (deleted < most) {
            packets.delete(packetId);
        }
        return deleted;
    }

    /** Closes a packet whose deadline has passed. */
    public void expire(LivePacket live) {
        live.expire();
        packets.put(live.packet(), true);
    }

    /** Writes what was kept back; to be called before each commit. */
    public void write() {
        winners.write();
    }

    private LivePacket rebuild(StoredPacket stored) {
        Packet packet = stored.packet();
        LivePacket rebuilt = new LivePacket(packet, winners);
        winners.readInto(rebuilt, packet.packetId().getBytes(ISO_8859_1));
        if (stored.isExpired()) {
            rebuilt.expire();
        } else if (!rebuilt.isSoldOut()) {
            rebuilt.readSharesFrom(shareSource.reader(packet, rebuilt.tally().awardedShares()));
        }
        return rebuilt;
    }

    private void keep(LivePacket packet) {
        while (live.size() >= capacity) {
            live.removeUntouched().write();
        }
        live.add(packet);
    }
}
