package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.topology.packet.Packet;
import redpacket.topology.shares.ShareReader;

/**
 * The packets of one task. Those that were used last are in memory; any other packet is rebuilt from the stores when it
 * is needed.
 */
public final class LivePackets {
    private static final Logger LOG = LoggerFactory.getLogger(LivePackets.class);

    private final int capacity;
    private final PacketStore packets;
    private final WinnerStore winners;
    private final ShareSource shareSource;
    private final ComingPackets coming;
    private final PacketTable live = new PacketTable();

    /** Opened packets whose first shares were not requested, because Redis was busy. */
    private final Queue<LivePacket> unrequested = new ArrayDeque<>();

    /** Opens the queue of a packet at a cursor. */
    public interface ShareSource {
        ShareReader reader(Packet packet, int cursor);
    }

    /** The packets that will probably be needed next. A wrong or missing id costs time, never an answer. */
    public interface ComingPackets {
        /** Hands over each packet id that was not handed over before. */
        void forEachPacketId(Consumer<String> look);
    }

    /**
     * @param capacity packets to keep in memory, of 1 to 4 KB each, and up to 36 bytes for each winner
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
        if (found != null) {
            found.touch();
            return found;
        }
        // Load all packets of the fetch, so that they wait for Redis together.
        coming.forEachPacketId(this::loadAhead);
        // Load this packet last, so that it is not evicted for one of the others.
        return load(packetId);
    }

    /** The terms of a packet, whether it is in memory or not; null if there is no such packet. */
    public Packet terms(String packetId) {
        PacketStore.Stored stored = packets.find(packetId);
        return stored == null ? null : stored.packet();
    }

    /** Stores a new packet, and requests its first shares. */
    public void open(Packet packet) {
        packets.put(packet, false);
        LivePacket opened = new LivePacket(packet, winners);
        opened.readSharesFrom(shareSource.reader(packet, 0));
        keep(opened);
        unrequested.add(opened);
        prefetch();
    }

    /** Requests the first shares of packets that were opened while Redis was busy. */
    public void prefetch() {
        while (!unrequested.isEmpty() && unrequested.peek().prefetchShares()) {
            unrequested.remove();
        }
    }

    /** Closes a packet that still has shares. */
    public void expire(LivePacket packet) {
        packet.expire();
        packets.put(packet.packet(), true);
    }

    /**
     * Deletes records of a packet's winners, and with the last of them the packet.
     *
     * @param most records to delete
     * @return how many records were deleted; fewer than {@code most} if the packet is gone
     */
    public int forget(String packetId, int most) {
        LivePacket forgotten = live.remove(packetId);
        if (forgotten != null) {
            forgotten.winners().write();
        }
        int deleted = winners.delete(packetId.getBytes(ISO_8859_1), most);
        if (deleted < most) {
            packets.delete(packetId);
        }
        return deleted;
    }

    /** Writes what was kept back. The task calls this before each commit. */
    public void write() {
        winners.write();
    }

    /** A packet that cannot be loaded must fail the grab that needs it, and no other. */
    private void loadAhead(String packetId) {
        try {
            load(packetId);
        } catch (RuntimeException e) {
            LOG.debug("Cannot load packet {} ahead of its grabs", packetId, e);
        }
    }

    private LivePacket load(String packetId) {
        LivePacket present = live.get(packetId);
        if (present != null) {
            return present;
        }
        PacketStore.Stored stored = packets.find(packetId);
        if (stored == null) {
            return null;
        }
        LivePacket loaded = rebuild(stored);
        keep(loaded);
        loaded.prefetchShares();
        return loaded;
    }

    private LivePacket rebuild(PacketStore.Stored stored) {
        Packet packet = stored.packet();
        LivePacket rebuilt = new LivePacket(packet, winners);
        winners.readInto(rebuilt.winners(), packet.packetId().getBytes(ISO_8859_1));
        if (stored.isExpired()) {
            rebuilt.expire();
        } else if (!rebuilt.isSoldOut()) {
            rebuilt.readSharesFrom(shareSource.reader(packet, rebuilt.tally().awardedShares()));
        }
        return rebuilt;
    }

    private void keep(LivePacket packet) {
        while (live.size() >= capacity) {
            live.removeUntouched().winners().write();
        }
        live.add(packet);
    }
}
