package redpacket.topology.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayDeque;
import java.util.Queue;
import redpacket.topology.packet.Packet;
import redpacket.topology.shares.ShareReader;

/** The packets of one task that were touched last; any other is rebuilt from the stores on its first touch. */
final class LivePackets {
    private final int capacity;
    private final PacketStore packets;
    private final WinnerStore winners;
    private final ShareSource shareSource;
    private final LookAhead.Fetches coming;
    private final PacketTable live = new PacketTable();

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
            int capacity, PacketStore packets, WinnerStore winners, ShareSource shareSource, LookAhead.Fetches coming) {
        this.capacity = capacity;
        this.packets = packets;
        this.winners = winners;
        this.shareSource = shareSource;
        this.coming = coming;
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
        StoredPacket stored = packets.find(packetId);
        if (stored == null) {
            return null;
        }
        LivePacket loaded = rebuild(stored);
        keep(loaded);
        loaded.prefetchShares();
        return loaded;
    }

    /** Takes in a packet that was opened just now, and asks Redis for its first shares. */
    void add(Packet packet) {
        LivePacket opened = new LivePacket(packet, winners);
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
            atHand.write();
        }
        int deleted = winners.delete(packetId.getBytes(ISO_8859_1), most);
        if (deleted < most) {
            packets.delete(packetId);
        }
        return deleted;
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
