package redpacket.sink.readmodel;

import static java.util.stream.Collectors.groupingBy;
import static redpacket.sink.readmodel.Utf8.bytes;
import static redpacket.sink.readmodel.Utf8.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.events.AwardResult;

/**
 * Writes the winners of packets: each into the field of its share, so that it does not matter how often. What an entry says of all
 * winners up to it follows from the one before; Redis is asked for that one only where it is not remembered here.
 */
final class WinnersWriter {
    /** Finds winners where it is not known on which day they won. */
    static final Script FIND = Script.beside(WinnersWriter.class, "find-winners.lua");

    /** Of packets that are grabbed at the same time; 50 MB. Of more, Redis is asked for ever more. */
    private static final int REMEMBERED = 250_000;

    private final RedisConnection connection;
    private final long keepMillis;
    private final Map<String, RunningTotals> lastOfPacket = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunningTotals> eldest) {
            return size() > REMEMBERED;
        }
    };

    WinnersWriter(RedisConnection connection, Retention retention) {
        this.connection = connection;
        this.keepMillis = retention.openPacketMillis();
    }

    /** To be called before another generation is written, and when Redis may have forgotten something. */
    void forget() {
        lastOfPacket.clear();
    }

    /**
     * Adds awards to what is to be sent.
     *
     * @param awards of each packet in their order
     * @param pipeline for those that can be written at once, and questions for the others
     */
    Writing write(Generation generation, List<AwardResult> awards, Pipeline pipeline) {
        Writing writing = new Writing(generation);
        Map<String, List<AwardResult>> doubtful = new LinkedHashMap<>();
        for (AwardResult award : awards) {
            List<AwardResult> sameDoubt = doubtful.get(award.packetId());
            if (sameDoubt != null) {
                sameDoubt.add(award);
                continue;
            }
            RunningTotals before = lastOfPacket.get(award.packetId());
            if (follows(before, award)) {
                writing.add(before, award);
            } else {
                doubtful.put(award.packetId(), new ArrayList<>(List.of(award)));
            }
        }
        writing.moveTo(pipeline);
        doubtful.values().stream()
                .collect(groupingBy(ofPacket -> Keys.bucketOf(ofPacket.get(0).packetId())))
                .forEach((bucket, packets) -> writing.ask(bucket, packets, pipeline));
        return writing;
    }

    /**
     * Awards of packets of which the winners before them are not remembered.
     *
     * @param before Redis's answer: of each packet the entry before its first award, null if there is none
     */
    private record Asked(List<List<AwardResult>> packets, CompletableFuture<List<byte[]>> before) {}

    /** WinnersWriter on their way to Redis. */
    final class Writing {
        private final Generation generation;
        private final List<Asked> asked = new ArrayList<>();
        private final Set<String> incomplete = new LinkedHashSet<>();
        private DayBuckets fields = new DayBuckets();

        private Writing(Generation generation) {
            this.generation = generation;
        }

        /**
         * Returns when all is written, with the packets of which earlier awards are missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            if (asked.isEmpty()) {
                return incomplete;
            }
            for (Asked question : asked) {
                List<byte[]> before = question.before.join();
                for (int i = 0; i < before.size(); i++) {
                    add(before.get(i), question.packets.get(i));
                }
            }
            Pipeline pipeline = new Pipeline();
            moveTo(pipeline);
            pipeline.send(connection);
            pipeline.await();
            return incomplete;
        }

        /** Asks for the winners before the awards of packets in a bucket. */
        private void ask(int bucket, List<List<AwardResult>> packets, Pipeline pipeline) {
            for (int from = 0; from < packets.size(); from += ScriptCalls.MOST_AT_ONCE) {
                List<List<AwardResult>> some =
                        packets.subList(from, Math.min(packets.size(), from + ScriptCalls.MOST_AT_ONCE));
                LongSummaryStatistics grabbedAt = some.stream()
                        .mapToLong(awards -> awards.get(0).grabbedAtMillis())
                        .summaryStatistics();
                List<byte[]> days = Keys.winners(
                        generation.number(),
                        bucket,
                        grabbedAt.getMin() - Retention.LONGEST_OPEN.toMillis(),
                        grabbedAt.getMax());
                List<byte[]> fields = some.stream()
                        .map(awards -> awards.get(0))
                        .map(award -> bytes(
                                Keys.winner(award.packetId(), award.share().index() - 1)))
                        .toList();
                asked.add(new Asked(some, pipeline.find(FIND, days, fields)));
            }
        }

        private void add(byte[] entryBefore, List<AwardResult> awards) {
            int index = awards.get(0).share().index();
            RunningTotals before = entryBefore == null ? null : RunningTotals.of(index - 1, text(entryBefore));
            for (AwardResult award : awards) {
                if (follows(before, award)) {
                    before = add(before, award);
                } else {
                    incomplete.add(award.packetId());
                }
            }
        }

        private RunningTotals add(RunningTotals before, AwardResult award) {
            String packetId = award.packetId();
            int index = award.share().index();
            RunningTotals winner = index == 0 ? RunningTotals.first(award) : before.next(award);
            List<byte[]> added = fields.of(packetId, award.grabbedAtMillis());
            added.add(bytes(Keys.winner(packetId, index)));
            added.add(bytes(winner.entry(award)));
            lastOfPacket.put(packetId, winner);
            return winner;
        }

        private void moveTo(Pipeline pipeline) {
            fields.forEach((bucket, dayStartMillis, added) -> {
                byte[] winners = Keys.winners(generation.number(), bucket, dayStartMillis);
                pipeline.setFields(winners, added);
                pipeline.expire(winners, keepMillis);
            });
            fields = new DayBuckets();
        }
    }

    /** Before the first share nothing can be missing: the packet's id is new, or was forgotten and is used again. */
    private static boolean follows(RunningTotals before, AwardResult award) {
        int index = award.share().index();
        return index == 0 || (before != null && before.index() == index - 1);
    }
}
