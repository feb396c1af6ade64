package redpacket.topology.streams;

/**
 * The names of the nodes to which processors forward. They are part of the topology that {@link RedPacketTopology}
 * builds.
 */
final class Nodes {
    static final String DECIDE = "decide";
    static final String WRITE_AWARDS = "write-awards";
    static final String WRITE_PACKETS = "write-packets";
    static final String WRITE_TICKS = "write-ticks";
    static final String WRITE_STATS_DELTAS = "write-stats-deltas";
    static final String WRITE_DEAD_LETTERS = "write-dead-letters";

    private Nodes() {}
}
