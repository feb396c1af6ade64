package redpacket.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Split;

/**
 * The packets and grabs of the demo. The same seed gives the same traffic.
 *
 * @param packets number of packets besides the hot one
 * @param shares of each of these packets
 * @param hotShares of the hot packet
 */
record DemoTraffic(int packets, int shares, int hotShares, int grabs, long seed) {
    static final String HOT = "hot";

    private static final String CAMPAIGN = "spring-festival";
    private static final long OPEN_FOR_MILLIS = Duration.ofHours(1).toMillis();

    /** How many of ten grabs are for the hot packet. */
    private static final int HOT_OF_TEN = 6;

    /** How many of a hundred grabs are sent again with the same grab id, as by a client that missed the answer. */
    private static final int RESENT_OF_HUNDRED = 3;

    /**
     * How many of a hundred grabs are for the same packet by the same user with a new grab id, as by a second click.
     */
    private static final int CLICKED_TWICE_OF_HUNDRED = 5;

    List<OpenPacket> opens() {
        Random random = new Random(seed);
        List<OpenPacket> opens = new ArrayList<>();
        opens.add(open(HOT, hotShares, 50L * hotShares, Split.RANDOM, CAMPAIGN));
        for (int i = 1; i <= packets; i++) {
            long cents = (long) shares * (10 + random.nextInt(191));
            Split split = random.nextInt(5) == 0 ? Split.EQUAL : Split.RANDOM;
            opens.add(open(packetId(i), shares, cents, split, i % 3 == 0 ? CAMPAIGN : null));
        }
        return opens;
    }

    Stream<Grab> grabStream() {
        Random random = new Random(seed + 1);
        // With this number, slightly more users grab the hot packet than it has shares.
        int users = Math.max(10, 2 * hotShares);
        Grab[] last = new Grab[1];
        return IntStream.range(0, grabs).mapToObj(i -> {
            int turn = last[0] == null ? 100 : random.nextInt(100);
            if (turn >= RESENT_OF_HUNDRED) {
                boolean sameUser = turn < RESENT_OF_HUNDRED + CLICKED_TWICE_OF_HUNDRED;
                last[0] = new Grab(
                        "grab-" + i,
                        sameUser ? last[0].packetId() : somePacket(random),
                        sameUser ? last[0].userId() : "user-" + random.nextInt(users));
            }
            return last[0];
        });
    }

    /** Packets with low numbers are grabbed far more often than others. */
    private String somePacket(Random random) {
        if (packets == 0 || random.nextInt(10) < HOT_OF_TEN) {
            return HOT;
        }
        double popular = random.nextDouble() * random.nextDouble();
        return packetId(1 + (int) (popular * packets));
    }

    private static String packetId(int number) {
        return "packet-" + number;
    }

    private static OpenPacket open(String packetId, int shares, long cents, Split split, String campaign) {
        return new OpenPacket(packetId, "sender-of-" + packetId, cents, shares, split, campaign, OPEN_FOR_MILLIS);
    }
}
