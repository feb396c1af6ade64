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
 * Writes the winners of packets. Each winner is written to the field of its share, so it may be written repeatedly. The
 * running totals of an entry follow from the entry before. Redis is asked for that entry only if it is not in memory.
 */
final class WinnersWriter {
    /** Finds winners without knowing the day on which they won. */
    static final Script FIND = Script.beside(WinnersWriter.class, "find-winners.lua");

    /** Packets whose last entry is kept in memory, 50 MB. For other packets every batch has to ask Redis. */
    private static final int PACKETS_IN_MEMORY = 250_000;

    private final RedisConnection connection;
    private final long keepMillis;
    private final Map<String, RunningTotals> lastOfPacket = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunningTotals> eldest) {
            return size() > PACKETS_IN_MEMORY;
        }
    };

    WinnersWriter(RedisConnection connection, Retention retention) {
        this.connection = connection;
        this.keepMillis = retention.openPacketMillis();
    }

    /** Forgets the last entries. Call it before another generation is written, and if Redis may have lost writes. */
    void forget() {
        lastOfPacket.clear();
    }

    /**
     * Prepares the writing of awards.
     *
     * @param awards those of each packet in order
     * @param pipeline receives the awards that can be written at once, and queries for the entries before the others
     */
    Writing write(Generation generation, List<AwardResult> awards, Pipeline pipeline) {
        Writing writing = new Writing(generation);
        Map<String, List<AwardResult>> unknown = new LinkedHashMap<>();
        for (AwardResult award : awards) {
            List<AwardResult> samePacket = unknown.get(award.packetId());
            if (samePacket != null) {
                samePacket.add(award);
                continue;
            }
            RunningTotals before = lastOfPacket.get(award.packetId());
            if (follows(before, award)) {
                writing.add(before, award);
            } else {
                unknown.put(award.packetId(), new ArrayList<>(List.of(award)));
            }
        }
        writing.moveTo(pipeline);
        unknown.values().stream()
                .collect(groupingBy(ofPacket -> Keys.bucketOf(ofPacket.get(0).packetId())))
                .forEach((bucket, packets) -> writing.ask(bucket, packets, pipeline));
        return writing;
    }

    /**
     * A query for the entries before the awards of some packets.
     *
     * @param packets the awards of each packet
     * @param before the answer: for each packet the entry before its first award, null if there is none
     */
    private record Asked(List<List<AwardResult>> packets, CompletableFuture<List<byte[]>> before) {}

    /** Winners that are being written to Redis. */
    final class Writing {
        private final Generation generation;
        private final List<Asked> asked = new ArrayList<>();
        private final Set<String> incomplete = new LinkedHashSet<>();
        private DayBuckets fields = new DayBuckets();

        private Writing(Generation generation) {
            this.generation = generation;
        }

        /**
         * Waits until all winners are written. Returns the packets whose earlier awards are missing in Redis.
         *
         * @throws java.util.concurrent.CompletionException if a winner may not have been written
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

        /** Asks for the entries before the awards of packets in a bucket. */
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

    /**
     * Whether the award follows the entry before it. The first share of a packet always does, because nothing is before
     * it: its packet id is new, or was forgotten and is used again.
     */
    private static boolean follows(RunningTotals before, AwardResult award) {
        int index = award.share().index();
        return index == 0 || (before != null && before.index() == index - 1);
    }
}
