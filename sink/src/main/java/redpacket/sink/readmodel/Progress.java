package redpacket.sink.readmodel;

import static java.util.stream.Collectors.toMap;
import static redpacket.sink.readmodel.Utf8.bytes;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import redpacket.clients.RedisConnection;
import redpacket.clients.Script;

/** The hash in Redis with the generation and the positions. Every change of the hash is an atomic compare-and-set. */
final class Progress {
    private static final Script BEGIN = Script.beside(Progress.class, "begin.lua");
    private static final Script ADVANCE = Script.beside(Progress.class, "advance.lua");
    private static final byte[][] KEY = {bytes(Keys.PROGRESS)};

    /**
     * Keys per step of a scan. Redis needs less than a millisecond to find this many keys, and as long to delete them.
     */
    private static final int SCAN_STEP = 250;

    /** The result of {@link #advance}. */
    enum Advance {
        /**
         * Nothing was written: another instance has moved the position or begun a generation, or Redis has lost writes.
         */
        REFUSED,
        DONE,
        /** The positions are moved, and the generation is whole: readers see it from now on. */
        NOW_SERVING
    }

    /** A move of the next offset of a partition. {@code from} is null if there was no position. */
    record Step(Long from, long to) {}

    private final RedisConnection connection;

    Progress(RedisConnection connection) {
        this.connection = connection;
    }

    CompletionStage<Optional<Generation>> load() {
        return connection
                .commands()
                .hgetall(KEY[0])
                .thenApply(hash -> Generation.of(hash.entrySet().stream()
                        .collect(toMap(field -> Utf8.text(field.getKey()), field -> Utf8.text(field.getValue())))));
    }

    /**
     * Begins a generation.
     *
     * @param before the number of the previous generation; null for none
     * @param positions the first offset of each partition, and the offset at which the generation is whole
     * @return false if another instance was faster
     */
    CompletionStage<Boolean> begin(Long before, long number, String topics, Map<TopicPartition, Step> positions) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(before == null ? "" : before.toString()));
        arguments.add(bytes(number));
        arguments.add(bytes(topics));
        addTo(arguments, positions);
        return BEGIN.<Long>call(connection.commands(), ScriptOutputType.INTEGER, KEY, arguments.toArray(byte[][]::new))
                .thenApply(done -> done == 1);
    }

    /** Moves positions. Everything before the new positions must be written. */
    CompletionStage<Advance> advance(Generation generation, Map<TopicPartition, Step> steps) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(generation.number()));
        addTo(arguments, steps);
        return ADVANCE.<Long>call(
                        connection.commands(), ScriptOutputType.INTEGER, KEY, arguments.toArray(byte[][]::new))
                .thenApply(reply -> Advance.values()[Math.toIntExact(reply)]);
    }

    /** Removes the keys of all earlier generations, in small steps. */
    CompletionStage<Void> removeBefore(long generation) {
        return removeBefore(generation, ScanCursor.INITIAL);
    }

    private CompletionStage<Void> removeBefore(long generation, ScanCursor cursor) {
        if (cursor.isFinished()) {
            return CompletableFuture.completedFuture(null);
        }
        ScanArgs keys = ScanArgs.Builder.matches(Keys.OF_GENERATIONS).limit(SCAN_STEP);
        return connection.commands().scan(cursor, keys).thenCompose(found -> unlink(generation, found)
                .thenCompose(done -> removeBefore(generation, found)));
    }

    private CompletionStage<?> unlink(long generation, KeyScanCursor<byte[]> found) {
        byte[][] old = found.getKeys().stream()
                .filter(key -> Keys.generationOf(Utf8.text(key)) < generation)
                .toArray(byte[][]::new);
        return old.length == 0
                ? CompletableFuture.completedFuture(null)
                : connection.commands().unlink(old);
    }

    private static void addTo(List<byte[]> arguments, Map<TopicPartition, Step> steps) {
        steps.forEach((partition, step) -> {
            arguments.add(bytes(partition.toString()));
            arguments.add(bytes(step.from() == null ? "" : step.from().toString()));
            arguments.add(bytes(step.to()));
        });
    }
}
