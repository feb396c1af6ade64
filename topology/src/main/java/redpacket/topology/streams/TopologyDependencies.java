package redpacket.topology.streams;

import java.time.Duration;
import java.util.function.Supplier;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.Patience;
import redpacket.topology.shares.ShareQueue;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.ShareReader;
import redpacket.topology.shares.Time;
import redpacket.topology.state.LiveMemory;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;

/**
 * What the processors need besides their records and stores.
 *
 * @param memory for the packets that all tasks keep in memory
 * @param meters to which the processors add their counts
 * @param time limits how long one step of the deadlines takes
 * @param ofThread the patience of the calling stream thread, because its tasks share a transaction
 */
public record TopologyDependencies(
        SeedSecret secret,
        ShareQueues queues,
        PacketLifetime lifetime,
        WindowSettings windows,
        LiveMemory memory,
        PacketMeters meters,
        Time time,
        Supplier<Patience> ofThread) {
    /**
     * How long a starting task waits for Redis before it fails. Well below {@code max.poll.interval.ms}, which is 5
     * min.
     */
    static final Duration START_PATIENCE = Duration.ofMinutes(2);

    /**
     * How long the grabs of a transaction wait for Redis, in total, before the next one fails. Well below {@code
     * transaction.timeout.ms}, which is 10 s.
     */
    public static final Duration GRABS_PATIENCE = Duration.ofSeconds(5);

    /** A queue outlives its packet by this, because the grabs of a closed packet may be read late. */
    private static final long QUEUE_SPARE_MILLIS = Duration.ofHours(1).toMillis();

    /** With the time of the system. */
    public TopologyDependencies(
            SeedSecret secret,
            ShareQueues queues,
            PacketLifetime lifetime,
            WindowSettings windows,
            LiveMemory memory,
            PacketMeters meters) {
        this(
                secret,
                queues,
                lifetime,
                windows,
                memory,
                meters,
                Time.SYSTEM,
                ThreadLocal.withInitial(() -> new Patience(GRABS_PATIENCE))::get);
    }

    /** With meters of its own, which nothing shows. */
    public TopologyDependencies(
            SeedSecret secret, ShareQueues queues, PacketLifetime lifetime, WindowSettings windows, LiveMemory memory) {
        this(secret, queues, lifetime, windows, memory, new PacketMeters());
    }

    /** The same with the default settings. */
    public static TopologyDependencies of(SeedSecret secret, ShareQueues queues) {
        return of(secret, queues, PacketLifetime.DEFAULT);
    }

    /** The same with the default settings, but for the lifetime of packets. */
    public static TopologyDependencies of(SeedSecret secret, ShareQueues queues, PacketLifetime lifetime) {
        WindowSettings windows = WindowSettings.of(WindowSettings.LENGTH, lifetime.grace());
        return new TopologyDependencies(
                secret, queues, lifetime, windows, LiveMemory.ofHeap(LiveMemory.DEFAULT_PERCENT));
    }

    ShareReader reader(Packet packet, int cursor) {
        return new ShareReader(queues, queue(packet), cursor, patience());
    }

    /** That of the calling stream thread. */
    Patience patience() {
        return ofThread.get();
    }

    ShareQueue queue(Packet packet) {
        return new ShareQueue(packet, lifetime.closesAtMillis(packet) + QUEUE_SPARE_MILLIS);
    }
}
