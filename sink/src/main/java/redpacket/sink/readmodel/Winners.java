package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;
import static redpacket.sink.readmodel.Utf8.text;

import java.util.ArrayList;
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
 * Appends awards to the winners of their packets. What is appended follows from the last winner, and is written by comparison with it:
 * where Redis has another one than is remembered here, it says which, and what follows from that one is written instead.
 */
final class Winners {
    static final Script APPEND = Script.beside(Winners.class, "winners.lua");

    /** Packets whose last winner is remembered, some 300 bytes each. Of others Redis is asked first. */
    private static final int REMEMBERED = 100_000;

    /** No entry is like that. */
    private static final String UNKNOWN = "?";

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

    /** To be called before another generation is written. */
    void forget() {
        lastOfPacket.clear();
    }

    /** Runs that were sent in one call, and what Redis answers. */
    private record Sent(CompletableFuture<List<Object>> refused, List<List<AwardResult>> runs) {}

    /** Runs on their way to Redis. */
    final class Appending {
        private final Generation generation;
        private List<Sent> sent = new ArrayList<>();

        private Appending(Generation generation) {
            this.generation = generation;
        }

        /**
         * Returns when all is written, with the packets of which earlier awards are missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            Set<String> incomplete = new LinkedHashSet<>();
            for (List<List<AwardResult>> runs = refused(); !runs.isEmpty(); runs = refused()) {
                Pipeline pipeline = new Pipeline();
                Calls<List<AwardResult>> calls = calls(pipeline);
                for (List<AwardResult> run : runs) {
                    String packetId = run.get(0).packetId();
                    Winner last = lastOfPacket.get(packetId);
                    List<AwardResult> behind = behind(last, run);
                    if (behind.isEmpty()) continue;
                    if (follows(last, behind.get(0))) add(behind, last, calls);
                    else incomplete.add(packetId);
                }
                calls.sendRest();
                pipeline.send(connection);
            }
            return incomplete;
        }

        /** Runs of which Redis has another last winner than was expected; that one is remembered now. */
        private List<List<AwardResult>> refused() {
            List<List<AwardResult>> runs = new ArrayList<>();
            for (Sent call : sent) {
                List<Object> refused = call.refused.join();
                for (int i = 0; i < refused.size(); i += 2) {
                    List<AwardResult> run = call.runs.get(Math.toIntExact((Long) refused.get(i)) - 1);
                    runs.add(run);
                    String held = text((byte[]) refused.get(i + 1));
                    String packetId = run.get(0).packetId();
                    if (held.isEmpty()) lastOfPacket.remove(packetId);
                    else lastOfPacket.put(packetId, Winner.of(held));
                }
            }
            sent = new ArrayList<>();
            return runs;
        }

        private Calls<List<AwardResult>> calls(Pipeline pipeline) {
            return new Calls<>(
                    connection,
                    call -> sent.add(new Sent(pipeline.ask(APPEND, call.keys(), call.arguments()), call.items())),
                    openMillis,
                    closedMillis);
        }

        private void addAsRemembered(List<AwardResult> run, Calls<List<AwardResult>> calls) {
            Winner last = lastOfPacket.get(run.get(0).packetId());
            if (behind(last, run).size() == run.size() && follows(last, run.get(0))) add(run, last, calls);
            else call(run, calls).argument(UNKNOWN).argument("").argument(0);
        }

        private void add(List<AwardResult> run, Winner last, Calls<List<AwardResult>> calls) {
            boolean begins = run.get(0).share().index() == 0;
            Calls.Call<List<AwardResult>> call = call(run, calls)
                    .argument(last == null ? "" : last.entry())
                    .argument(begins ? "1" : "")
                    .argument(run.size());
            Winner winner = begins ? null : last;
            for (AwardResult award : run) {
                winner = winner == null ? Winner.first(award) : winner.next(award);
                call.argument(winner.entry());
            }
            lastOfPacket.put(run.get(0).packetId(), winner);
        }

        private Calls.Call<List<AwardResult>> call(List<AwardResult> run, Calls<List<AwardResult>> calls) {
            String packetId = run.get(0).packetId();
            byte[] winners = Keys.winners(generation.number(), packetId);
            return calls.with(winners, run, run.size()).key(winners).key(Keys.packet(generation.number(), packetId));
        }
    }

    /**
     * Adds runs to what is to be sent.
     *
     * @param runs each of one packet and of consecutive shares
     */
    Appending append(Generation generation, List<List<AwardResult>> runs, Pipeline pipeline) {
        Appending appending = new Appending(generation);
        Calls<List<AwardResult>> calls = appending.calls(pipeline);
        runs.forEach(run -> appending.addAsRemembered(run, calls));
        calls.sendRest();
        return appending;
    }

    /** A packet's awards come in the order of their grabs, so what is not behind the last one is in the list. */
    private static List<AwardResult> behind(Winner last, List<AwardResult> run) {
        int first = 0;
        while (last != null && first < run.size() && run.get(first).grabOffset() <= last.grabOffset()) first++;
        return run.subList(first, run.size());
    }

    /** Of the first share nothing can be missing: the packet's id is new, or was forgotten and is used again. */
    private static boolean follows(Winner last, AwardResult award) {
        int index = award.share().index();
        return index == 0 || (last != null && index == last.index() + 1);
    }
}
