package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import redpacket.events.AwardResult;

/**
 * Writes what users won: an award is an entry in a sorted set, so that it does not matter how often, nor in which order.
 *
 * <p>Many users share a set, since a key with an expiry for each of them costs Redis three times as much. Each day has sets of its own,
 * since only whole keys expire.
 */
final class Users {
    private final long keepMillis;

    Users(Keeping keeping) {
        this.keepMillis = keeping.openPacketMillis();
    }

    private record Bucket(int number, long dayStartMillis) {}

    void write(Generation generation, List<AwardResult> awards, Pipeline pipeline) {
        Map<Bucket, List<byte[]>> entries = new HashMap<>();
        Set<Long> days = new TreeSet<>();
        for (AwardResult award : awards) {
            long dayStartMillis = Keys.dayStartMillis(award.grabbedAtMillis());
            days.add(dayStartMillis);
            entries.computeIfAbsent(
                            new Bucket(Keys.bucketOf(award.userId()), dayStartMillis), bucket -> new ArrayList<>())
                    .add(bytes(Award.of(award).entryOfUser()));
        }
        entries.forEach((bucket, added) -> {
            byte[] users = Keys.users(generation.number(), bucket.number, bucket.dayStartMillis);
            pipeline.addToSet(users, added);
            pipeline.expire(users, keepMillis);
        });
        for (long dayStartMillis : days) {
            pipeline.run(
                    Writer.STARTS,
                    List.of(Keys.daysOfUsers(generation.number())),
                    List.of(bytes(keepMillis), bytes(dayStartMillis)));
        }
    }
}
