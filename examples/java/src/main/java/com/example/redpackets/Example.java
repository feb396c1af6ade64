package com.example.redpackets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import redpacket.events.AwardResult;
import redpacket.events.Grab;
import redpacket.events.OpenPacket;
import redpacket.events.Outcome;
import redpacket.events.PacketEvent;
import redpacket.events.Split;
import redpacket.events.Topic;
import redpacket.producer.PacketClient;
import redpacket.reader.Committed;
import redpacket.reader.CommittedReader;
import redpacket.reader.ResultListener;

/** Opens a packet, grabs it, and reads who has won what. Usage: {@code Example HOST:PORT}. */
public final class Example {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHARES = 3;
    private static final long TOTAL_CENTS = 1_000;

    private Example() {}

    public static void main(String[] arguments) {
        Map<String, String> kafka = Map.of("bootstrap.servers", arguments[0]);
        String packetId = "java-" + UUID.randomUUID();
        // A position before the first grab, so that no result is missed.
        try (CommittedReader reader = CommittedReader.fromNow(kafka, Set.of(Topic.AWARDS));
                PacketClient client = PacketClient.connect(kafka, PATIENCE)) {
            PacketEvent.Answer opened = client.open(
                            new OpenPacket(packetId, "sender", TOTAL_CENTS, SHARES, Split.RANDOM, null, 60_000))
                    .join();
            System.out.println("opened   " + opened);
            for (int i = 0; i <= SHARES; i++) {
                AwardResult result = client.grab(new Grab("grab-" + i, packetId, "user-" + i))
                        .join();
                System.out.println("answered " + result);
            }
            long awardedCents = read(reader, packetId).stream()
                    .mapToLong(award -> award.share().cents())
                    .sum();
            if (awardedCents != TOTAL_CENTS) {
                throw new IllegalStateException(awardedCents + " cents were awarded instead of " + TOTAL_CENTS);
            }
            System.out.println("all " + TOTAL_CENTS + " cents were awarded");
        }
    }

    /** The awards of a packet, up to the answer that it is sold out. */
    private static List<AwardResult> read(CommittedReader reader, String packetId) {
        Awards awards = new Awards(packetId);
        while (!awards.soldOut) {
            reader.poll(Duration.ofSeconds(1), awards);
        }
        return awards.won;
    }

    private static final class Awards implements ResultListener {
        private final String packetId;
        private final List<AwardResult> won = new ArrayList<>();
        private boolean soldOut;

        Awards(String packetId) {
            this.packetId = packetId;
        }

        @Override
        public void onAward(Committed<AwardResult> award) {
            if (award.event().packetId().equals(packetId)) {
                soldOut |= award.event().outcome() == Outcome.SOLD_OUT;
                if (award.event().movesMoney()) {
                    won.add(award.event());
                }
            }
        }
    }
}
