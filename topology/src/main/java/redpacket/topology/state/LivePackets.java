package redpacket.topology.state;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Status;
import redpacket.topology.packet.Tally;
import redpacket.topology.shares.ShareReader;
import redpacket.topology.winners.WinnerStore;

/**
 * The packets of one task. Those that were used last are in memory; any other packet is rebuilt from the stores when it
 * is needed.
 */
public final class LivePackets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LivePackets.class);

    /** Bounds of the journal: about 200,000 winners, or an eighth of the task's memory, but at least one page. */
    private static final long MOST_JOURNAL_BYTES = 8 << 20;

    private static final long LEAST_JOURNAL_BYTES = 64 << 10;

    /** How long a grab may wait while the other packets of its fetch are loaded. */
    private static final long LOOK_AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** An estimate for each packet in {@link #unrequested}. */
    private static final int UNREQUESTED_BYTES = 64;

    private final LiveMemory.Part memory;
    private final PacketStore packets;
    private final WinnerStore winners;
    private final ShareSource shareSource;
    private final ComingPackets coming;
    private final PacketTable live = new PacketTable();

    /** Of the packets in {@link #live}, as they were weighed last. */
    private long weight;

    /** The packet that was found last, whose weight may have changed since; null if none was. */
    private LivePacket last;

    /**
     * The packets in {@link #live} whose next shares were not requested, because Redis was busy; the oldest first. They
     * are compared by identity.
     */
    private final Set<LivePacket> unrequested = new LinkedHashSet<>();

    /** Opens the queue of a packet at a cursor. */
    public interface ShareSource {
        ShareReader reader(Packet packet, int cursor);
    }

    /** The packets that will probably be needed next. A wrong or missing id costs time, never an answer. */
    public interface ComingPackets {
        /** Hands over each packet id that was not handed over before. */
        void forEachPacketId(Consumer<String> look);
    }

    /** A packet as the stores know it, whether it is in memory or not. */
    public record Known(Packet packet, Status status, Tally tally) {
        public boolean isClosed() {
            return status != Status.OPEN || tally.awardedShares() == packet.shares();
        }
    }

    public LivePackets(
            LiveMemory memory,
            KeyValueStore<Bytes, byte[]> packets,
            KeyValueStore<Bytes, byte[]> winners,
            ShareSource shareSource,
            ComingPackets coming) {
        this.packets = new PacketStore(packets);
        this.winners = new WinnerStore(winners, this::mostJournalBytes);
        this.shareSource = shareSource;
        this.coming = coming;
        this.memory = memory.part();
        reportWeight();
    }

    /** Null if there is no such packet. The next call of any method may evict another packet, but not this one. */
    public LivePacket find(String packetId) {
        settle();
        last = live.get(packetId);
        if (last == null) {
            loadAhead();
            // Load this packet last, so that it is not evicted for one of the others.
            last = load(packetId);
        } else {
            last.touch();
        }
        return last;
    }

    /** The terms of a packet, whether it is in memory or not; null if there is no such packet. */
    public Packet terms(String packetId) {
        PacketStore.Stored stored = packets.find(packetId);
        return stored == null ? null : stored.packet();
    }

    /** Stores a new packet, and requests its first shares. */
    public void open(Packet packet) {
        settle();
        packets.put(packet, Status.OPEN);
        LivePacket opened = new LivePacket(packet, winners);
        opened.readSharesFrom(shareSource.reader(packet, 0));
        unrequested.add(opened);
        keep(opened);
        prefetch();
    }

    /** Requests the next shares of packets that were opened or rebuilt while Redis was busy. */
    public void prefetch() {
        Iterator<LivePacket> waiting = unrequested.iterator();
        while (waiting.hasNext() && waiting.next().prefetchShares()) {
            waiting.remove();
        }
    }

    /** Null if there is no such packet. A packet is not rebuilt for this, whatever its size. */
    public Known look(String packetId) {
        settle();
        PacketStore.Stored stored = packets.find(packetId);
        if (stored == null) {
            return null;
        }
        LivePacket found = live.get(packetId);
        Tally tally = found == null ? winners.tally(bytes(packetId)) : found.tally();
        return new Known(stored.packet(), stored.status(), tally);
    }

    /** Closes a packet that is open. It is not rebuilt for this. */
    public void close(Packet packet, Status by) {
        settle();
        packets.put(packet, by);
        LivePacket found = live.get(packet.packetId());
        if (found != null) {
            found.close(by);
            weigh(found);
        }
    }

    /**
     * Deletes records of a packet's winners, and with the last of them the packet.
     *
     * @param most records to delete
     * @return how many records were deleted; fewer than {@code most} if the packet is gone
     */
    public int forget(String packetId, int most) {
        settle();
        LivePacket forgotten = live.remove(packetId);
        if (forgotten != null) {
            removed(forgotten);
        }
        int deleted = winners.delete(bytes(packetId), most);
        if (deleted < most) {
            packets.delete(packetId);
        }
        return deleted;
    }

    /** Writes what was kept back. The task calls this before each commit. */
    public void write() {
        winners.write();
        reportWeight();
    }

    /** Evicts packets if other tasks need the memory. The task calls this now and then, also when it is idle. */
    public void makeRoom() {
        settle();
        evict(last);
    }

    /** The packets in memory. */
    int size() {
        return live.size();
    }

    /** Gives back the memory. This object must not be used after that. */
    @Override
    public void close() {
        memory.close();
    }

    private void loadAhead() {
        long startNanos = System.nanoTime();
        coming.forEachPacketId(packetId -> {
            if (System.nanoTime() - startNanos < LOOK_AHEAD_NANOS) {
                loadAhead(packetId);
            }
        });
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
        if (!loaded.prefetchShares()) {
            unrequested.add(loaded);
        }
        keep(loaded);
        return loaded;
    }

    private LivePacket rebuild(PacketStore.Stored stored) {
        Packet packet = stored.packet();
        LivePacket rebuilt = new LivePacket(packet, winners);
        winners.readInto(rebuilt.winners(), bytes(packet.packetId()));
        if (stored.status() != Status.OPEN) {
            rebuilt.close(stored.status());
        } else if (!rebuilt.isSoldOut()) {
            rebuilt.readSharesFrom(shareSource.reader(packet, rebuilt.tally().awardedShares()));
        }
        return rebuilt;
    }

    private void keep(LivePacket packet) {
        live.add(packet);
        weigh(packet);
        evict(packet);
    }

    /** Weighs the packet that was found last, because it may have gained a winner. */
    private void settle() {
        if (last != null && last.hasChanged()) {
            weigh(last);
            evict(last);
        }
    }

    private void weigh(LivePacket packet) {
        weight -= packet.weight();
        weight += packet.weigh();
        reportWeight();
    }

    private void reportWeight() {
        memory.set(weight + winners.weight() + (long) UNREQUESTED_BYTES * unrequested.size());
    }

    /** @param kept stays, because it is in use */
    private void evict(LivePacket kept) {
        while (memory.isExceeded() && live.size() > 1) {
            removed(live.removeUntouched(kept));
        }
    }

    private void removed(LivePacket packet) {
        packet.winners().write();
        unrequested.remove(packet);
        if (packet == last) {
            last = null;
        }
        weight -= packet.weight();
        reportWeight();
    }

    private long mostJournalBytes() {
        return Math.max(LEAST_JOURNAL_BYTES, Math.min(MOST_JOURNAL_BYTES, memory.share() / 8));
    }

    private static byte[] bytes(String packetId) {
        return packetId.getBytes(ISO_8859_1);
    }
}
