package redpacket.topology.shares;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import redpacket.events.Split;
import redpacket.topology.packet.Cut;
import redpacket.topology.packet.SeedSecret;

/** Packets to test queues with. */
final class Packets {
    private static final SeedSecret SECRET = SeedSecret.of("a secret of the tests, long enough");

    private Packets() {}

    static ShareQueue packetWith(String packetId, int shares) {
        long expiresAtMillis = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
        return new ShareQueue(packetId, shares, cutOf(packetId, shares)::clone, expiresAtMillis);
    }

    /** The shares that a pop must return. */
    static long[] cut(ShareQueue queue, int from, int n) {
        return Arrays.copyOfRange(queue.cut().get(), from, from + n);
    }

    static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static long[] cutOf(String packetId, int shares) {
        return Cut.of(Split.RANDOM, 100L * shares, shares, SECRET.seedOf(packetId));
    }
}
