package redpacket.topology.packet;

import java.nio.ByteBuffer;
import redpacket.events.OpenPacket;
import redpacket.events.Share;
import redpacket.events.Split;

/** Packets to try rules on: opened at 1000 ms for 500 ms. */
final class Examples {
    static final SeedSecret SECRET = SeedSecret.of("correct horse battery staple");
    static final long OPENED_AT_MILLIS = 1000;
    static final long OPEN_FOR_MILLIS = 500;
    static final long DEADLINE_MILLIS = OPENED_AT_MILLIS + OPEN_FOR_MILLIS;

    private Examples() {}

    static int shares(int shares) {
        return shares;
    }

    static long cents(long cents) {
        return cents;
    }

    static OpenPacket commandWith(int shares, long totalCents) {
        return commandWith(shares, totalCents, OPEN_FOR_MILLIS);
    }

    static OpenPacket commandWith(int shares, long totalCents, long openForMillis) {
        return new OpenPacket("packet-1", "sender", totalCents, shares, Split.RANDOM, "spring", openForMillis);
    }

    static Packet packetWith(int shares, long totalCents) {
        return new Packet(
                "packet-1",
                "sender",
                totalCents,
                shares,
                Split.RANDOM,
                "spring",
                OPENED_AT_MILLIS,
                DEADLINE_MILLIS,
                SECRET.seedOf("packet-1"));
    }

    static Winner winnerBy(String grabId) {
        return new Winner("kim", grabId, new Share(0, 7));
    }

    /** Different for each number, and always the same. */
    static Seed seedNumber(long number) {
        return Seed.of(ByteBuffer.allocate(Seed.BYTES).putLong(number).array());
    }
}
