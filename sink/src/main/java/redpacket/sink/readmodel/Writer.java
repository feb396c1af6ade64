package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Script.bytes;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import redpacket.connection.RedisConnection;
import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Writes batches to Redis: all commands of a batch at once, and none that is not safe to repeat and to run late. */
final class Writer {
    private static final Script AWARDS = Script.named("awards.lua");
    private static final Script PACKET_EVENT = Script.named("packet-event.lua");
    private static final Script USER_AWARD = Script.named("user-award.lua");
    private static final Script WINDOW = Script.named("window.lua");
    private static final Script WINDOWS = Script.named("windows.lua");

    /** What {@link #AWARDS} returns when earlier shares are missing. */
    private static final long MISSING = 0;

    private static final int VALUES_PER_AWARD = 3;

    private final RedisConnection connection;
    private final byte[] openMillis;
    private final byte[] closedMillis;
    private final byte[] windowMillis;
    private final byte[] awardsPerUser;
    private final Keeping keeping;

    Writer(RedisConnection connection, Keeping keeping) {
        this.connection = connection;
        this.keeping = keeping;
        this.openMillis = bytes(keeping.openPacketMillis());
        this.closedMillis = bytes(keeping.closedPacketMillis());
        this.windowMillis = bytes(keeping.windows().toMillis());
        this.awardsPerUser = bytes(keeping.awardsPerUser());
    }

    /** Commands on their way to Redis. */
    static final class Writing {
        private final List<CompletableFuture<?>> others = new ArrayList<>();
        private final Map<CompletableFuture<Long>, String> packetOfRun = new LinkedHashMap<>();

        private void add(CompletionStage<?> command) {
            others.add(command.toCompletableFuture());
        }

        /**
         * Returns when everything is written, with the packets of which earlier awards are missing.
         *
         * @throws java.util.concurrent.CompletionException if something may not be written
         */
        Set<String> await() {
            Set<String> incomplete = new LinkedHashSet<>();
            packetOfRun.forEach((run, packetId) -> {
                if (run.join() == MISSING) incomplete.add(packetId);
            });
            others.forEach(CompletableFuture::join);
            return incomplete;
        }
    }

    Writing write(Generation generation, Batch batch) {
        RedisClusterAsyncCommands<byte[], byte[]> redis = connection.commands();
        Writing writing = new Writing();
        for (Batch.Located located : batch.events()) {
            write(redis, generation, located, writing);
        }
        for (List<AwardResult> run : batch.runs()) {
            writing.packetOfRun.put(
                    write(redis, generation, run).toCompletableFuture(),
                    run.get(0).packetId());
        }
        for (AwardResult award : batch.awards()) {
            writing.add(USER_AWARD.call(
                    redis,
                    new byte[][] {Keys.user(generation.number(), award.userId())},
                    bytes(award.grabbedAtMillis()),
                    bytes(Award.inUser(award)),
                    awardsPerUser,
                    openMillis));
        }
        for (WindowStats window : batch.windows()) {
            write(redis, generation, window, writing);
        }
        return writing;
    }

    /** Notes that awards of a packet are missing, which only a rebuild can mend. */
    CompletionStage<?> markIncomplete(Generation generation, String packetId) {
        byte[] packet = Keys.packet(generation.number(), packetId);
        RedisClusterAsyncCommands<byte[], byte[]> redis = connection.commands();
        return redis.hset(packet, Map.of(bytes("incomplete"), bytes(1)))
                .thenCompose(marked -> redis.pexpire(packet, keeping.openPacketMillis()));
    }

    private CompletionStage<Long> write(
            RedisClusterAsyncCommands<byte[], byte[]> redis, Generation generation, List<AwardResult> run) {
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
        return AWARDS.call(redis, keysOf(generation, run.get(0).packetId()), arguments);
    }

    private void write(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            Generation generation,
            Batch.Located located,
            Writing writing) {
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
        writing.add(PACKET_EVENT.call(
                redis, keys, arguments(fields, keepMillis, bytes(located.offset()), bytes(openedAtMillis.toString()))));
    }

    private void write(
            RedisClusterAsyncCommands<byte[], byte[]> redis,
            Generation generation,
            WindowStats window,
            Writing writing) {
        writing.add(WINDOW.call(
                redis,
                new byte[][] {Keys.window(window.scope(), window.windowStartMillis())},
                arguments(
                        WindowHash.write(window), windowMillis, bytes(generation.epoch()), bytes(window.revision()))));
        writing.add(WINDOWS.call(
                redis, new byte[][] {Keys.windows(window.scope())}, windowMillis, bytes(window.windowStartMillis())));
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
