package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import redpacket.connection.RedisConnection;
import redpacket.connection.Script;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Writes batches to Redis: all commands of a batch at once, and none that is not safe to repeat and to run late. */
final class Writer {
    private static final Script AWARDS = Script.beside(Writer.class, "awards.lua");
    private static final Script PACKET_EVENT = Script.beside(Writer.class, "packet-event.lua");
    private static final Script USERS = Script.beside(Writer.class, "users.lua");
    private static final Script WINDOW = Script.beside(Writer.class, "window.lua");
    private static final Script WINDOWS = Script.beside(Writer.class, "windows.lua");

    /** What {@link #AWARDS} returns when earlier shares are missing. */
    private static final long MISSING = 0;

    private static final int VALUES_PER_AWARD = 3;

    /** How many of a user's awards beyond those to keep stay a while, on average: removing has its price for each. */
    private static final int TRIM_EVERY = 64;

    private final RedisConnection connection;
    private final byte[] openMillis;
    private final byte[] closedMillis;
    private final byte[] windowMillis;
    private final Keeping keeping;

    Writer(RedisConnection connection, Keeping keeping) {
        this.connection = connection;
        this.keeping = keeping;
        this.openMillis = bytes(keeping.openPacketMillis());
        this.closedMillis = bytes(keeping.closedPacketMillis());
        this.windowMillis = bytes(keeping.windows().toMillis());
    }

    /** A batch on its way to Redis. */
    static final class Writing {
        private final Pipeline pipeline = new Pipeline();
        private final Map<CompletableFuture<Long>, String> packetOfRun = new LinkedHashMap<>();

        /**
         * Returns when everything is written, with the packets of which earlier awards are missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            pipeline.await();
            Set<String> incomplete = new LinkedHashSet<>();
            packetOfRun.forEach((run, packetId) -> {
                if (run.join() == MISSING) incomplete.add(packetId);
            });
            return incomplete;
        }
    }

    /** Makes Redis ready for batches; to be called again after any failure, since a new Redis knows no scripts. */
    CompletionStage<?> prepare() {
        RedisClusterAsyncCommands<byte[], byte[]> redis = connection.commands();
        return CompletableFuture.allOf(Stream.of(AWARDS, PACKET_EVENT, USERS, WINDOW, WINDOWS)
                .map(script -> script.load(redis).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    Writing write(Generation generation, Batch batch) {
        Writing writing = new Writing();
        for (Batch.Located located : batch.events()) {
            write(generation, located, writing.pipeline);
        }
        for (List<AwardResult> run : batch.runs()) {
            writing.packetOfRun.put(
                    write(generation, run, writing.pipeline), run.get(0).packetId());
        }
        writeToUsers(generation, batch.awards(), writing.pipeline);
        for (WindowStats window : batch.windows()) {
            write(generation, window, writing.pipeline);
        }
        writing.pipeline.send(connection);
        return writing;
    }

    /** Notes, until the generation is over, that awards of these packets are missing. */
    void markIncomplete(Generation generation, Set<String> packetIds) {
        Pipeline pipeline = new Pipeline();
        for (String packetId : packetIds) {
            byte[] packet = Keys.packet(generation.number(), packetId);
            pipeline.setNumber(packet, "incomplete", 1);
            pipeline.expire(packet, keeping.openPacketMillis());
        }
        pipeline.send(connection);
        pipeline.await();
    }

    /** Many in one command, where Redis allows it: a command for each would cost more than what it does. */
    private void writeToUsers(Generation generation, List<AwardResult> awards, Pipeline pipeline) {
        Map<Integer, UserAwards> bySlot = new HashMap<>();
        for (AwardResult award : awards) {
            byte[] key = Keys.user(generation.number(), award.userId());
            int slot = connection.slotOf(key);
            UserAwards together = bySlot.computeIfAbsent(slot, any -> new UserAwards());
            together.add(key, award);
            if (together.keys.size() == Batch.MOST_AWARDS) bySlot.remove(slot).addTo(pipeline);
        }
        bySlot.values().forEach(together -> together.addTo(pipeline));
    }

    /** Awards that go into one command. */
    private final class UserAwards {
        private final List<byte[]> keys = new ArrayList<>();
        private final List<byte[]> arguments =
                new ArrayList<>(List.of(openMillis, bytes(-keeping.awardsPerUser() - 1L)));

        void add(byte[] key, AwardResult award) {
            keys.add(key);
            arguments.add(bytes(award.grabbedAtMillis()));
            arguments.add(bytes(Award.inUser(award)));
            // The newest of a union are the same in whatever order it is united, and whenever the others are removed.
            arguments.add(bytes(award.grabOffset() % TRIM_EVERY == 0 ? "1" : ""));
        }

        void addTo(Pipeline pipeline) {
            pipeline.run(USERS, keys.toArray(byte[][]::new), arguments.toArray(byte[][]::new));
        }
    }

    private CompletableFuture<Long> write(Generation generation, List<AwardResult> run, Pipeline pipeline) {
        byte[][] arguments = new byte[3 + run.size() * VALUES_PER_AWARD][];
        arguments[0] = openMillis;
        arguments[1] = closedMillis;
        arguments[2] = bytes(run.get(0).share().index());
        int at = 3;
        for (AwardResult award : run) {
            arguments[at++] = bytes(award.grabOffset());
            arguments[at++] = bytes(award.share().cents());
            arguments[at++] = bytes(Award.inPacket(award));
        }
        return pipeline.ask(AWARDS, keysOf(generation, run.get(0).packetId()), arguments);
    }

    private void write(Generation generation, Batch.Located located, Pipeline pipeline) {
        PacketEvent event = located.event();
        byte[][] keys = keysOf(generation, event.packetId());
        Object openedAtMillis = "";
        byte[] keepMillis = closedMillis;
        Map<String, Object> fields = new LinkedHashMap<>();
        if (event instanceof PacketEvent.Opened opened) {
            openedAtMillis = opened.openedAtMillis();
            keepMillis = openMillis;
            fields.put("status", PacketView.Status.OPENED);
            fields.put("senderId", opened.senderId());
            fields.put("totalCents", opened.totalCents());
            fields.put("shares", opened.shares());
            fields.put("split", opened.split());
            fields.put("campaign", opened.campaign());
            fields.put("openedAtMillis", opened.openedAtMillis());
            fields.put("deadlineMillis", opened.deadlineMillis());
            fields.put("commitment", opened.commitment());
        } else if (event instanceof PacketEvent.Closed closed) {
            boolean soldOut = closed instanceof PacketEvent.SoldOut;
            fields.put("status", soldOut ? PacketView.Status.SOLD_OUT : PacketView.Status.EXPIRED);
            fields.put("closedAtMillis", closed.closedAtMillis());
            fields.put("refundedCents", closed instanceof PacketEvent.Expired expired ? expired.refundedCents() : null);
            fields.put("seed", closed.seed());
        } else {
            return; // A rejected command leaves the packet as it is, if there is one.
        }
        pipeline.run(
                PACKET_EVENT,
                keys,
                arguments(fields, keepMillis, bytes(located.offset()), bytes(openedAtMillis.toString())));
    }

    private void write(Generation generation, WindowStats window, Pipeline pipeline) {
        pipeline.run(
                WINDOW,
                new byte[][] {Keys.window(window.scope(), window.windowStartMillis())},
                arguments(WindowHash.write(window), windowMillis, bytes(generation.epoch()), bytes(window.revision())));
        pipeline.run(
                WINDOWS, new byte[][] {Keys.windows(window.scope())}, windowMillis, bytes(window.windowStartMillis()));
    }

    private static byte[][] keysOf(Generation generation, String packetId) {
        return new byte[][] {Keys.packet(generation.number(), packetId), Keys.winners(generation.number(), packetId)};
    }

    /** The first arguments, then names and values of the fields that have one. */
    private static byte[][] arguments(Map<String, ?> fields, byte[]... first) {
        List<byte[]> arguments = new ArrayList<>(Arrays.asList(first));
        fields.forEach((name, value) -> {
            if (value != null) {
                arguments.add(bytes(name));
                arguments.add(bytes(value.toString()));
            }
        });
        return arguments.toArray(byte[][]::new);
    }
}
