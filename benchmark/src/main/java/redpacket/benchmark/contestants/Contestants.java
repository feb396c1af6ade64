package redpacket.benchmark.contestants;

import java.util.List;
import java.util.stream.Stream;

/** All contestants. */
public final class Contestants {
    public static final String OURS = "redpacket";

    public static final StreamsContestant PASS_THROUGH = new StreamsContestant(
            "pass-through",
            "the floor: exactly-once Streams that reads and writes JSON, and decides nothing",
            100,
            (workload, ground) -> PassThrough.committingWhenDrained());

    public static final StreamsContestant STREAMS_DEFAULT = new StreamsContestant(
            "streams-default",
            "the floor with the default commit interval of Streams, 100 ms",
            100,
            (workload, ground) -> PassThrough.committingAtIntervals());

    public static final StreamsContestant REDPACKET =
            new StreamsContestant(OURS, "this project: pops shares in blocks, in advance", 100, RedPacketPipeline::new);

    private static final StreamsContestant WITH_SINK = new StreamsContestant(
            "with-sink", "this project, with the read model beside it", 100, RedPacketWithSink::new);

    public static final StreamsContestant SYNC_LUA =
            new StreamsContestant("sync-lua", "Streams with one synchronous Lua call per grab", 5, SyncLua::new);

    public static final DirectContestant REDIS_LUA = new DirectContestant(
            "redis-lua",
            "one Lua script per grab on Redis, many at a time, without Kafka: what Redis loses is lost",
            20,
            ground -> new RedisLua(ground.redis()));

    public static final DirectContestant POSTGRES = new DirectContestant(
            "postgres",
            "a row per packet in PostgreSQL, many grabs per transaction, without Kafka",
            10,
            ground -> PostgresRows.withServer());

    /** The contestants that run unless others are named. */
    public static final List<Contestant> BY_DEFAULT =
            List.of(PASS_THROUGH, REDPACKET, SYNC_LUA, REDIS_LUA, POSTGRES, new LockQueue());

    /**
     * The contestant of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Contestant named(String name) {
        return Stream.concat(BY_DEFAULT.stream(), Stream.of(STREAMS_DEFAULT, WITH_SINK))
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contestant is called " + name));
    }

    private Contestants() {}
}
