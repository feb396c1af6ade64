package redpacket.sink.readmodel;

import static redpacket.sink.readmodel.Utf8.bytes;

import java.util.List;
import redpacket.events.AwardResult;

/**
 * Writes the awards of users. Each award is a member of a sorted set, so it may be written repeatedly and in any order.
 */
final class UserAwardsWriter {
    private final long keepMillis;

    UserAwardsWriter(Retention retention) {
        this.keepMillis = retention.openPacketMillis();
    }

    void write(Generation generation, List<AwardResult> awards, Pipeline pipeline) {
        DayBuckets entries = new DayBuckets();
        for (AwardResult award : awards) {
            entries.of(award.userId(), award.grabbedAtMillis())
                    .add(bytes(Award.of(award).entryOfUser()));
        }
        entries.forEach((bucket, dayStartMillis, added) -> {
            byte[] users = Keys.users(generation.number(), bucket, dayStartMillis);
            pipeline.addToSet(users, added);
            pipeline.expire(users, keepMillis);
        });
        for (long dayStartMillis : entries.days()) {
            pipeline.run(
                    Writer.STARTS,
                    List.of(Keys.daysOfUsers(generation.number())),
                    List.of(bytes(keepMillis), bytes(dayStartMillis), bytes(System.currentTimeMillis())));
        }
    }
}
