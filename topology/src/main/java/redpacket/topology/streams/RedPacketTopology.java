package redpacket.topology.streams;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.topology.stats.WindowTotals;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.StateStores;

/**
 * The nodes and stores of the application.
 *
 * <pre>
 * redpacket.opens -- read-opens -- ingest-opens --+             +-- write-packets ------- redpacket.packets
 *                                                 +-- decide ---+-- write-awards -------- redpacket.awards
 * redpacket.grabs -- read-grabs -- ingest-grabs --+             +-- write-ticks --------- redpacket.grabs
 *                                                               +-- write-stats-deltas -- redpacket.stats-deltas
 *                        (both ingests) -- write-dead-letters -- redpacket.dead-letters
 *
 * redpacket.stats-deltas -- read-stats-deltas -- total -- write-stats -- redpacket.stats
 * </pre>
 *
 * <p>Every name is public: changelog topics and local folders are called by store names, committed positions belong to
 * topics and the numbers of subtopologies. A golden file in the tests holds the description. If a change of yours changes
 * it, then either it can be rolled out over running instances (a new sink, say), or the application needs a reset; a
 * renamed store loses what it held.
 */
public final class RedPacketTopology {
    static final String DECIDE = "decide";
    static final String WRITE_AWARDS = "write-awards";
    static final String WRITE_PACKETS = "write-packets";
    static final String WRITE_TICKS = "write-ticks";
    static final String WRITE_STATS_DELTAS = "write-stats-deltas";
    static final String WRITE_DEAD_LETTERS = "write-dead-letters";

    private static final String TOTAL = "total";

    private RedPacketTopology() {}

    /**
     * Builds it.
     *
     * @param partitions of the topics keyed by packet
     * @param lookAhead filled by the consumers, if it is added to their settings too
     * @param drained filled by the consumers in the same way; asks for commits
     */
    public static Topology build(
            TopologyDependencies settings, int partitions, LookAhead lookAhead, DrainedInputs drained) {
        Topology topology = new Topology();
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        topology.addSource("read-opens", bytes, bytes, Topic.OPENS.topicName())
                .addSource("read-grabs", bytes, bytes, Topic.GRABS.topicName())
                .addProcessor("ingest-opens", () -> Ingest.opens(partitions, settings.meters(), drained), "read-opens")
                .addProcessor("ingest-grabs", () -> Ingest.grabs(partitions, settings.meters(), drained), "read-grabs")
                .addProcessor(DECIDE, () -> new PacketProcessor(settings, lookAhead), "ingest-opens", "ingest-grabs")
                .addStateStore(StateStores.persistent(StateStores.PACKETS), DECIDE)
                .addStateStore(DeferredStore.builder(StateStores.WINNERS), DECIDE)
                .addStateStore(StateStores.persistent(StateStores.DEADLINES), DECIDE);
        ByteArraySerializer same = new ByteArraySerializer();
        Serializer<AwardResult> awards = (topic, result) -> Json.write(result);
        Serializer<PacketEvent> packets = (topic, event) -> Json.write(event);
        Serializer<Tick> ticks = (topic, tick) -> null;
        topology.addSink(WRITE_AWARDS, Topic.AWARDS.topicName(), same, awards, DECIDE)
                .addSink(WRITE_PACKETS, Topic.PACKETS.topicName(), same, packets, DECIDE)
                .addSink(WRITE_TICKS, Topic.GRABS.topicName(), same, ticks, DECIDE)
                .addSink(
                        WRITE_DEAD_LETTERS, Topic.DEAD_LETTERS.topicName(), same, same, "ingest-opens", "ingest-grabs");

        Serializer<WindowStats> stats = (topic, window) -> Json.write(window);
        // Of the records at hand a task takes the oldest: without this, what was counted would wait behind a backlog of
        // grabs.
        TimestampExtractor first = (record, partitionTime) -> 0;
        topology.addSink(WRITE_STATS_DELTAS, Topic.STATS_DELTAS.topicName(), same, stats, DECIDE)
                .addSource(
                        AutoOffsetReset.earliest(),
                        "read-stats-deltas",
                        first,
                        bytes,
                        bytes,
                        Topic.STATS_DELTAS.topicName())
                .addProcessor(TOTAL, () -> new WindowTotals(settings.windows()), "read-stats-deltas")
                .addStateStore(StateStores.persistent(StateStores.WINDOW_TOTALS).withCachingEnabled(), TOTAL)
                // Only so that there is one kind of task. Tasks are dealt out by number: of two kinds, one thread may
                // get all
                // that decide grabs, and another all that have nearly nothing to do.
                .connectProcessorAndStateStores(TOTAL, StateStores.WINNERS)
                .addSink("write-stats", Topic.STATS.topicName(), same, stats, TOTAL);
        return topology;
    }
}
