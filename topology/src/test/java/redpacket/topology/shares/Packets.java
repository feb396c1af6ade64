package redpacket.topology.shares;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import redpacket.events.Split;
import redpacket.topology.packet.Packet;
import redpacket.topology.packet.SeedSecret;

/** Packets to test queues with. */
final class Packets {
    private static final String SECRET = "a secret of the tests, long enough";

    private Packets() {}

    static ShareQueue packetWith(String packetId, int shares) {
        return queueUntil(System.currentTimeMillis() + Duration.ofHours(1).toMillis(), packetId, shares);
    }

    static ShareQueue queueUntil(long expiresAtMillis, String packetId, int shares) {
        return new ShareQueue(packet(packetId, 100L * shares, shares, SECRET), expiresAtMillis);
    }

    static ShareQueue queueOf(Packet packet) {
        return new ShareQueue(
                packet, System.currentTimeMillis() + Duration.ofHours(1).toMillis());
    }

    static Packet packet(String packetId, long totalCents, int shares, String secret) {
        return new Packet(
                packetId,
                "sender",
                totalCents,
                shares,
                Split.RANDOM,
                null,
                1_000,
                2_000,
                SeedSecret.of(secret).seedOf(packetId));
    }

    /** The shares that a pop must return. */
    static long[] cut(ShareQueue queue, int from, int n) {
        return Arrays.copyOfRange(queue.cut(), from, from + n);
    }

    static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
