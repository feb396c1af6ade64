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
import redpacket.connection.Script;
import redpacket.events.AwardResult;

/**
 * Writes the winners of packets: each into the field of its share, so that it does not matter how often. What an entry says of all
 * winners up to it follows from the one before; Redis is asked for that one only where it is not remembered here.
 */
final class Winners {
    /** Begins lists of winners, or repeats their beginning. */
    static final Script BEGIN = Script.beside(Winners.class, "winners.lua");

    /** More packets than are grabbed at the same time; 20 MB. */
    private static final int REMEMBERED = 100_000;

    private final RedisConnection connection;
    private final byte[] openMillis;
    private final byte[] closedMillis;
    private final Map<String, Winner> lastOfPacket = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Winner> eldest) {
            return size() > REMEMBERED;
        }
    };

    Winners(RedisConnection connection, Keeping keeping) {
        this.connection = connection;
        this.openMillis = bytes(keeping.openPacketMillis());
        this.closedMillis = bytes(keeping.closedPacketMillis());
    }

    /** To be called before another generation is written, and when Redis may have forgotten something. */
    void forget() {
        lastOfPacket.clear();
    }

    /**
     * Adds awards to what is to be sent.
     *
     * @param packets of each its awards, in their order
     */
    Writing write(Generation generation, Collection<List<AwardResult>> packets, Pipeline pipeline) {
        Writing writing = new Writing(generation);
        writing.add(packets, pipeline);
        return writing;
    }

    /** Of a packet whose id was forgotten and is used again, the awards of before are over. */
    private static List<AwardResult> sinceLastBeginning(List<AwardResult> awards) {
        for (int i = awards.size() - 1; i > 0; i--) {
            if (awards.get(i).share().index() == 0) return awards.subList(i, awards.size());
        }
        return awards;
    }

    /** Awards of a packet of which the last winner before them is not known here, and Redis's answer: null if it has none. */
    private record Asked(List<AwardResult> awards, CompletableFuture<byte[]> entryBefore) {}

    /** Winners that are not a packet's first: indices and entries in turn. */
    private record Continuation(String packetId, List<byte[]> fields) {}

    /** Winners on their way to Redis. */
    final class Writing {
        private final Generation generation;
        private final List<Asked> asked = new ArrayList<>();
        private final Set<String> incomplete = new LinkedHashSet<>();

        private Writing(Generation generation) {
            this.generation = generation;
        }

        private void add(Collection<List<AwardResult>> packets, Pipeline pipeline) {
            Step step = new Step(pipeline);
            packets.forEach(awards -> step.addOrAsk(sinceLastBeginning(awards)));
            step.complete();
        }

        /**
         * To be called when what was asked for is here; returns when all is written, with the packets of which earlier awards are
         * missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            if (asked.isEmpty()) return incomplete;
            Pipeline pipeline = new Pipeline();
            Step step = new Step(pipeline);
            for (Asked question : asked) {
                List<AwardResult> awards = question.awards;
                byte[] entryBefore = question.entryBefore.join();
                if (entryBefore == null) incomplete.add(awards.get(0).packetId());
                else step.add(awards, Winner.of(awards.get(0).share().index() - 1, text(entryBefore)));
            }
            step.complete();
            pipeline.send(connection);
            pipeline.await();
            return incomplete;
        }

        /** What is sent at once. */
        private final class Step {
            private final Pipeline pipeline;
            private final Calls beginnings;
            private final List<Continuation> continuations = new ArrayList<>();

            private Step(Pipeline pipeline) {
                this.pipeline = pipeline;
                this.beginnings = new Calls(
                        connection,
                        call -> pipeline.run(BEGIN, call.keys(), call.arguments()),
                        openMillis,
                        closedMillis);
            }

            void addOrAsk(List<AwardResult> awards) {
                AwardResult first = awards.get(0);
                int index = first.share().index();
                Winner last = index == 0 ? null : lastOfPacket.get(first.packetId());
                if (index == 0 || (last != null && last.index() == index - 1)) {
                    add(awards, last);
                } else {
                    byte[] winners = Keys.winners(generation.number(), first.packetId());
                    asked.add(new Asked(awards, pipeline.field(winners, bytes(index - 1))));
                }
            }

            /**
             * Adds a packet's awards.
             *
             * @param last the winner before them; null if they are its first
             */
            void add(List<AwardResult> awards, Winner last) {
                String packetId = awards.get(0).packetId();
                List<byte[]> entries = new ArrayList<>(awards.size());
                Winner winner = last;
                for (AwardResult award : awards) {
                    if (award.share().index() != (winner == null ? 0 : winner.index() + 1)) {
                        // A record between them could not be read.
                        incomplete.add(packetId);
                        break;
                    }
                    winner = winner == null ? Winner.first(award) : winner.next(award);
                    entries.add(bytes(winner.entry(award)));
                }
                lastOfPacket.put(packetId, winner);
                int from = 0;
                if (last == null) {
                    from = Math.min(entries.size(), Calls.MOST_AT_ONCE);
                    begin(packetId, entries.subList(0, from));
                }
                goOn(packetId, awards.get(0).share().index(), from, entries);
            }

            private void begin(String packetId, List<byte[]> entries) {
                byte[] winners = Keys.winners(generation.number(), packetId);
                Calls.Call call = beginnings
                        .with(winners, entries.size())
                        .key(winners)
                        .key(Keys.packet(generation.number(), packetId))
                        .argument(entries.size());
                entries.forEach(call::argument);
            }

            private void goOn(String packetId, int firstIndex, int from, List<byte[]> entries) {
                for (int part = from; part < entries.size(); part += Pipeline.MOST_AT_ONCE) {
                    List<byte[]> fields = new ArrayList<>();
                    for (int i = part; i < Math.min(entries.size(), part + Pipeline.MOST_AT_ONCE); i++) {
                        fields.add(bytes(firstIndex + i));
                        fields.add(entries.get(i));
                    }
                    continuations.add(new Continuation(packetId, fields));
                }
            }

            /** Beginnings come first: one may have to remove what was won under the same id before. */
            void complete() {
                beginnings.sendRest();
                for (Continuation continuation : continuations) {
                    pipeline.setFields(Keys.winners(generation.number(), continuation.packetId), continuation.fields);
                }
            }
        }
    }
}
