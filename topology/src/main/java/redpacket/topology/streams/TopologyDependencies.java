package redpacket.topology.streams;

import java.time.Duration;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;
import redpacket.topology.shares.ShareQueue;
import redpacket.topology.shares.ShareQueues;
import redpacket.topology.shares.ShareReader;
import redpacket.topology.state.PacketLifetime;
import redpacket.topology.stats.WindowSettings;

/**
 * What the processors are given besides their records.
 *
 * @param patience how long a grab waits for Redis before its stream thread is replaced; well below the transaction timeout
 * @param livePackets packets that each task keeps at hand, of some hundred bytes each
 * @param meters to which the processors add what they do
 */
public record TopologyDependencies(
        SeedSecret secret,
        ShareQueues queues,
        PacketLifetime life,
        WindowSettings windows,
        Duration patience,
        int livePackets,
        PacketMeters meters) {
    public static final Duration PATIENCE = Duration.ofSeconds(5);
    /** How long a starting task waits for Redis before its thread starts again; below {@code max.poll.interval.ms}, 5 min. */
    static final Duration PATIENCE_AT_START = Duration.ofMinutes(2);

    public static final int LIVE_PACKETS = 100_000;

    /** A queue outlives its packet by this, so that a slow clock of Redis never takes it away too early. */
    private static final long QUEUE_SPARE_MILLIS = Duration.ofHours(1).toMillis();

    /** With meters that nobody looks at. */
    public TopologyDependencies(
            SeedSecret secret,
            ShareQueues queues,
            PacketLifetime life,
            WindowSettings windows,
            Duration patience,
            int livePackets) {
        this(secret, queues, life, windows, patience, livePackets, new PacketMeters());
    }

    public static TopologyDependencies of(SeedSecret secret, ShareQueues queues) {
        WindowSettings windows = WindowSettings.of(WindowSettings.LENGTH, PacketLifetime.DEFAULT.grace());
        return new TopologyDependencies(secret, queues, PacketLifetime.DEFAULT, windows, PATIENCE, LIVE_PACKETS);
    }

    ShareReader reader(Packet packet, int cursor) {
        ShareQueue queue = new ShareQueue(
                packet.packetId(), packet.shares(), packet::cut, life.closesAtMillis(packet) + QUEUE_SPARE_MILLIS);
        return new ShareReader(queues, queue, cursor, patience);
    }
}
