package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Writes batches to Redis. It sends the commands of a batch together. Each is safe to repeat and to run late. */
final class Writer {
    private static final Script OPENED = Script.beside(Writer.class, "opened.lua");
    private static final Script WINDOW = Script.beside(Writer.class, "window.lua");

    /** Adds a start to an index of windows or days. */
    static final Script STARTS = Script.beside(Writer.class, "starts.lua");

    private final RedisConnection connection;
    private final WinnersWriter winners;
    private final UserAwardsWriter users;
    private final byte[] openMillis;
    private final byte[] windowMillis;
    private final Retention retention;

    Writer(RedisConnection connection, Retention retention) {
        this.connection = connection;
        this.retention = retention;
        this.winners = new WinnersWriter(connection, retention);
        this.users = new UserAwardsWriter(retention);
        this.openMillis = bytes(retention.openPacketMillis());
        this.windowMillis = bytes(retention.windows().toMillis());
    }

    /** A batch that is prepared or in flight. */
    record Writing(RedisConnection connection, Pipeline pipeline, WinnersWriter.Writing winners) {
        /** Sends the batch. Call it once, after the previous batch is written. */
        void send() {
            pipeline.send(connection);
        }

        /**
         * Waits until the batch is written. Returns the packets whose earlier awards are missing in Redis.
         *
         * @throws java.util.concurrent.CompletionException if a part of the batch may not have been written
         */
        Set<String> await() {
            pipeline.await();
            return winners.await();
        }
    }

    /** Loads the scripts. Call it again after every failure, because a restarted Redis has no scripts. */
    CompletionStage<?> makeReady() {
        winners.forget();
        RedisClusterAsyncCommands<byte[], byte[]> redis = connection.commands();
        return CompletableFuture.allOf(Stream.of(OPENED, WINDOW, STARTS, WinnersWriter.FIND)
                .map(script -> script.load(redis).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    Writing prepare(Generation generation, ReadModelBatch batch) {
        Pipeline pipeline = new Pipeline();
        WinnersWriter.Writing writing = winners.write(generation, batch.awards(), pipeline);
        writeEvents(generation, batch.events(), pipeline);
        users.write(generation, batch.awards(), pipeline);
        for (WindowStats window : batch.windows()) {
            write(generation, window, pipeline);
        }
        return new Writing(connection, pipeline, writing);
    }

    /** Marks packets whose awards are missing. Returns how many of them were not marked before. */
    long markIncomplete(Generation generation, Set<String> packetIds) {
        Pipeline pipeline = new Pipeline();
        List<CompletableFuture<Long>> marked = new ArrayList<>();
        for (String packetId : packetIds) {
            byte[] view = Keys.packet(generation.number(), packetId);
            marked.add(pipeline.setNumber(view, "incomplete", 1));
            pipeline.expire(view, retention.openPacketMillis());
        }
        pipeline.send(connection);
        pipeline.await();
        return marked.stream().mapToLong(CompletableFuture::join).sum();
    }

    private void writeEvents(Generation generation, List<PacketEvent> events, Pipeline pipeline) {
        ScriptCalls openings =
                new ScriptCalls(connection, call -> pipeline.run(OPENED, call.keys(), call.arguments()), openMillis);
        List<PacketEvent.Closed> closings = new ArrayList<>();
        Set<String> packetIds = new HashSet<>();
        for (PacketEvent event : events) {
            event.handle(
                    opened -> {
                        if (!packetIds.add(opened.packetId())) {
                            // Earlier events of the packet must be written first.
                            openings.sendRest();
                            close(generation, closings, pipeline);
                        }
                        write(generation, opened, openings);
                    },
                    closed -> {
                        packetIds.add(closed.packetId());
                        closings.add(closed);
                    },
                    // A rejected command changes no packet.
                    rejected -> {},
                    cancelAnswered -> {});
        }
        openings.sendRest();
        close(generation, closings, pipeline);
    }

    private static void write(Generation generation, PacketEvent.Opened opened, ScriptCalls openings) {
        byte[] view = Keys.packet(generation.number(), opened.packetId());
        Map<String, Object> terms = fieldsOf(opened);
        ScriptCalls.Call call = openings.with(view).argument(2L * terms.size());
        terms.forEach((name, value) -> call.argument(name).argument(text(value)));
    }

    /** Adds the closings to the pipeline, and empties their list. */
    private void close(Generation generation, List<PacketEvent.Closed> closings, Pipeline pipeline) {
        for (PacketEvent.Closed closed : closings) {
            byte[] view = Keys.packet(generation.number(), closed.packetId());
            List<byte[]> fields = new ArrayList<>();
            fieldsOf(closed).forEach((name, value) -> {
                fields.add(bytes(name));
                fields.add(bytes(text(value)));
            });
            pipeline.setFields(view, fields);
            pipeline.expire(view, retention.closedPacketMillis());
        }
        closings.clear();
    }

    /** A missing value is written as empty text. It replaces the value of a forgotten packet with the same id. */
    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static Map<String, Object> fieldsOf(PacketEvent.Opened opened) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("openedAtMillis", opened.openedAtMillis());
        fields.put("status", PacketView.Status.OPENED);
        fields.put("senderId", opened.senderId());
        fields.put("totalCents", opened.totalCents());
        fields.put("shares", opened.shares());
        fields.put("split", opened.split());
        fields.put("campaign", opened.campaign());
        fields.put("deadlineMillis", opened.deadlineMillis());
        fields.put("commitment", opened.commitment());
        SpecialFields.of(opened).forEach(fields::put);
        return fields;
    }

    private static Map<String, Object> fieldsOf(PacketEvent.Closed closed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "status",
                closed.match(
                        soldOut -> PacketView.Status.SOLD_OUT,
                        expired -> PacketView.Status.EXPIRED,
                        cancelled -> PacketView.Status.CANCELLED));
        fields.put("closedAtMillis", closed.closedAtMillis());
        fields.put("awardedShares", closed.awardedShares());
        fields.put("awardedCents", closed.awardedCents());
        fields.put(
                "refundedCents",
                closed.match(
                        soldOut -> null, PacketEvent.Expired::refundedCents, PacketEvent.Cancelled::refundedCents));
        PacketEvent.Luckiest luckiest = closed.luckiest();
        if (luckiest != null) {
            fields.put("luckiestUser", luckiest.userId());
            fields.put("luckiestIndex", luckiest.share().index());
            fields.put("luckiestCents", luckiest.share().cents());
        }
        fields.put("seed", closed.seed());
        return fields;
    }

    private void write(Generation generation, WindowStats window, Pipeline pipeline) {
        List<byte[]> arguments =
                new ArrayList<>(List.of(windowMillis, bytes(generation.epoch()), bytes(window.revision())));
        WindowHash.write(window).forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(bytes(value));
        });
        pipeline.run(WINDOW, List.of(Keys.window(window.scope(), window.windowStartMillis())), arguments);
        pipeline.run(
                STARTS,
                List.of(Keys.windows(window.scope())),
                List.of(windowMillis, bytes(window.windowStartMillis()), bytes(System.currentTimeMillis())));
    }
}
