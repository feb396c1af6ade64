package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;
import static redpacket.sink.readmodel.Utf8.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import redpacket.connection.RedisConnection;
import redpacket.events.AwardResult;

/**
 * Writes the winners of packets: each into the field of its share, so that it does not matter how often. What an entry says of all
 * winners up to it follows from the one before; Redis is asked for that one only where it is not remembered here.
 */
final class Winners {
    /** More packets than are grabbed at the same time; 20 MB. */
    private static final int REMEMBERED = 100_000;

    private final RedisConnection connection;
    private final Keeping keeping;
    private final Map<String, Winner> lastOfPacket = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Winner> eldest) {
            return size() > REMEMBERED;
        }
    };

    Winners(RedisConnection connection, Keeping keeping) {
        this.connection = connection;
        this.keeping = keeping;
    }

    /** To be called before another generation is written, and when Redis may have forgotten something. */
    void forget() {
        lastOfPacket.clear();
    }

    /**
     * Adds awards to what is to be sent.
     *
     * @param packets of each its awards, in their order
     * @param fields those that can be written at once
     * @param pipeline questions for the others
     */
    Writing write(
            Generation generation, Collection<List<AwardResult>> packets, PacketFields fields, Pipeline pipeline) {
        Writing writing = new Writing(generation);
        packets.forEach(awards -> writing.addOrAsk(awards, fields, pipeline));
        return writing;
    }

    /** Awards of a packet of which the winner before them is not remembered, and Redis's answer: null if it has none. */
    private record Asked(List<AwardResult> awards, CompletableFuture<byte[]> entryBefore) {}

    /** Winners on their way to Redis. */
    final class Writing {
        private final Generation generation;
        private final List<Asked> asked = new ArrayList<>();
        private final Set<String> incomplete = new LinkedHashSet<>();

        private Writing(Generation generation) {
            this.generation = generation;
        }

        /**
         * Returns when all is written, with the packets of which earlier awards are missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            if (asked.isEmpty()) return incomplete;
            PacketFields fields = new PacketFields();
            for (Asked question : asked) {
                List<AwardResult> awards = question.awards;
                byte[] entry = question.entryBefore.join();
                add(
                        awards,
                        entry == null ? null : Winner.of(awards.get(0).share().index() - 1, text(entry)),
                        fields);
            }
            Pipeline pipeline = new Pipeline();
            fields.moveTo(pipeline, generation, keeping);
            pipeline.send(connection);
            pipeline.await();
            return incomplete;
        }

        private void addOrAsk(List<AwardResult> awards, PacketFields fields, Pipeline pipeline) {
            AwardResult first = awards.get(0);
            Winner before = lastOfPacket.get(first.packetId());
            if (follows(before, first)) {
                add(awards, before, fields);
            } else {
                byte[] view = Keys.packet(generation.number(), first.packetId());
                asked.add(new Asked(
                        awards, pipeline.field(view, bytes(first.share().index() - 1))));
            }
        }

        /**
         * Adds a packet's awards.
         *
         * @param before the winner before them; null if there is none
         */
        private void add(List<AwardResult> awards, Winner before, PacketFields fields) {
            String packetId = awards.get(0).packetId();
            List<byte[]> added = fields.of(packetId);
            Winner winner = before;
            for (AwardResult award : awards) {
                if (!follows(winner, award)) {
                    incomplete.add(packetId);
                    continue;
                }
                winner = award.share().index() == 0 ? Winner.first(award) : winner.next(award);
                added.add(bytes(award.share().index()));
                added.add(bytes(winner.entry(award)));
            }
            if (winner != null) lastOfPacket.put(packetId, winner);
        }
    }

    /** Before the first share nothing can be missing: the packet's id is new, or was forgotten and is used again. */
    private static boolean follows(Winner before, AwardResult award) {
        int index = award.share().index();
        return index == 0 || (before != null && before.index() == index - 1);
    }
}
