package redpacket.benchmark;

import java.util.List;

/** Who can take part. */
final class Contestants {
    static final String OURS = "redpacket";

    static final StreamsContestant PASS_THROUGH = new StreamsContestant(
            "pass-through",
            "exactly-once Streams that reads JSON and writes JSON, and decides nothing: the floor",
            100,
            (workload, ground) -> new PassThrough());

    static final StreamsContestant REDPACKET =
            new StreamsContestant(OURS, "this project: shares popped in blocks, ahead of need", 100, AsShipped::new);

    static final List<Contestant> ALL = List.of(
            PASS_THROUGH,
            REDPACKET,
            new StreamsContestant(
                    "sync-lua", "Streams with one synchronous call of a Lua script for each grab", 5, SyncLua::new),
            new LockQueue());

    private Contestants() {}
}
