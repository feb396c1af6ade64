package redpacket.benchmark;

import java.util.List;
import java.util.stream.Stream;

/** Who can take part. */
final class Contestants {
    static final String OURS = "redpacket";

    static final StreamsContestant PASS_THROUGH = new StreamsContestant(
            "pass-through",
            "exactly-once Streams that reads JSON and writes JSON, and decides nothing: the floor",
            100,
            (workload, ground) -> PassThrough.committingWhenDrained());

    static final StreamsContestant STREAMS_DEFAULT = new StreamsContestant(
            "streams-default",
            "the floor again, but with the commits of Streams' default: every 100 ms",
            100,
            (workload, ground) -> PassThrough.committingAtIntervals());

    static final StreamsContestant REDPACKET =
            new StreamsContestant(OURS, "this project: shares popped in blocks, ahead of need", 100, AsShipped::new);

    private static final StreamsContestant WITH_SINK =
            new StreamsContestant("with-sink", "this project, with the read model beside it", 100, WithReadModel::new);

    static final StreamsContestant SYNC_LUA = new StreamsContestant(
            "sync-lua", "Streams with one synchronous call of a Lua script for each grab", 5, SyncLua::new);

    /** Who takes part unless others are asked for. */
    static final List<Contestant> BY_DEFAULT = List.of(PASS_THROUGH, REDPACKET, SYNC_LUA, new LockQueue());

    /**
     * The contestant of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Contestant named(String name) {
        return Stream.concat(BY_DEFAULT.stream(), Stream.of(STREAMS_DEFAULT, WITH_SINK))
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contestant is called " + name));
    }

    private Contestants() {}
}
