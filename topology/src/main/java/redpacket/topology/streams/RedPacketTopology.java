package redpacket.topology.streams;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import redpacket.events.AwardResult;
import redpacket.events.Json;
import redpacket.events.Limits;
import redpacket.events.PacketEvent;
import redpacket.events.Topic;
import redpacket.events.WindowStats;
import redpacket.topology.inputs.DrainedInputs;
import redpacket.topology.inputs.LookAhead;
import redpacket.topology.stats.WindowTotals;
import redpacket.topology.stores.DecidedInputs;
import redpacket.topology.stores.DeferredStore;
import redpacket.topology.stores.InputTopics;
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
 * <p>Every name is public: changelog topics and local folders carry the names of stores, and committed offsets belong
 * to the numbers of subtopologies. A golden file in the tests contains the description. A change of that file must
 * either work beside running instances, such as a new sink, or the application needs a reset. A renamed store loses its
 * content.
 */
public final class RedPacketTopology {
    private static final String READ_OPENS = "read-opens";
    private static final String READ_GRABS = "read-grabs";
    private static final String READ_STATS_DELTAS = "read-stats-deltas";
    private static final String INGEST_OPENS = "ingest-opens";
    private static final String INGEST_GRABS = "ingest-grabs";
    private static final String TOTAL = "total";
    private static final String WRITE_STATS = "write-stats";

    private final TopologyDependencies dependencies;
    private final int partitions;
    private final InputTopics topics;
    private final Topology topology;
    private final ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    private final ByteArraySerializer same = new ByteArraySerializer();

    private RedPacketTopology(
            Topology topology, TopologyDependencies dependencies, int partitions, InputTopics topics) {
        this.topology = topology;
        this.dependencies = dependencies;
        this.partitions = partitions;
        this.topics = topics;
    }

    /**
     * Builds the topology.
     *
     * @param partitions of the topics keyed by packet
     * @param lookAhead filled by the consumers, if it is added to their settings too
     * @param drained filled by the consumers in the same way; tells when to commit
     * @param topics the input, which must be that of the stores
     */
    public static Topology build(
            TopologyDependencies dependencies,
            int partitions,
            LookAhead lookAhead,
            DrainedInputs drained,
            InputTopics topics) {
        Topology topology = new Topology();
        addTo(topology, dependencies, partitions, lookAhead, drained, topics);
        return topology;
    }

    /** Adds all nodes and stores to a topology. The other arguments are those of {@link #build}. */
    public static void addTo(
            Topology topology,
            TopologyDependencies dependencies,
            int partitions,
            LookAhead lookAhead,
            DrainedInputs drained,
            InputTopics topics) {
        RedPacketTopology nodes = new RedPacketTopology(topology, dependencies, partitions, topics);
        nodes.addDeciding(lookAhead, drained);
        nodes.addCounting();
    }

    private void addDeciding(LookAhead lookAhead, DrainedInputs drained) {
        PacketMeters meters = dependencies.meters();
        FailedRecords failed = new FailedRecords();
        FailedPackets failedPackets = new FailedPackets();
        DecidedInputs decided = new DecidedInputs();
        topology.addSource(AutoOffsetReset.earliest(), READ_OPENS, possible(), bytes, bytes, Topic.OPENS.topicName())
                .addSource(AutoOffsetReset.earliest(), READ_GRABS, possible(), bytes, bytes, Topic.GRABS.topicName())
                .addProcessor(
                        INGEST_OPENS,
                        () -> Ingest.opens(partitions, meters, drained, topics, failed, decided),
                        READ_OPENS)
                .addProcessor(
                        INGEST_GRABS,
                        () -> Ingest.grabs(partitions, meters, drained, topics, failed, decided),
                        READ_GRABS)
                .addProcessor(
                        Nodes.DECIDE,
                        () -> new PacketProcessor(dependencies, lookAhead, failedPackets, decided),
                        INGEST_OPENS,
                        INGEST_GRABS)
                .addStateStore(StateStores.persistent(StateStores.PACKETS), Nodes.DECIDE)
                .addStateStore(DeferredStore.builder(StateStores.WINNERS), Nodes.DECIDE, INGEST_OPENS, INGEST_GRABS)
                .addStateStore(StateStores.persistent(StateStores.DEADLINES), Nodes.DECIDE);
        Serializer<AwardResult> awards = (topic, result) -> Json.write(result);
        Serializer<PacketEvent> packets = (topic, event) -> Json.write(event);
        Serializer<Tick> ticks = (topic, tick) -> null;
        topology.addSink(Nodes.WRITE_AWARDS, Topic.AWARDS.topicName(), same, awards, Nodes.DECIDE)
                .addSink(Nodes.WRITE_PACKETS, Topic.PACKETS.topicName(), same, packets, Nodes.DECIDE)
                .addSink(Nodes.WRITE_TICKS, Topic.GRABS.topicName(), same, ticks, Nodes.DECIDE)
                .addSink(
                        Nodes.WRITE_DEAD_LETTERS,
                        Topic.DEAD_LETTERS.topicName(),
                        same,
                        same,
                        INGEST_OPENS,
                        INGEST_GRABS);
    }

    private void addCounting() {
        Serializer<WindowStats> stats = (topic, window) -> Json.write(window);
        topology.addSink(Nodes.WRITE_STATS_DELTAS, Topic.STATS_DELTAS.topicName(), same, stats, Nodes.DECIDE)
                .addSource(
                        AutoOffsetReset.earliest(),
                        READ_STATS_DELTAS,
                        first(),
                        bytes,
                        bytes,
                        Topic.STATS_DELTAS.topicName())
                .addProcessor(TOTAL, () -> new WindowTotals(dependencies.windows(), topics), READ_STATS_DELTAS)
                .addStateStore(StateStores.persistent(StateStores.WINDOW_TOTALS).withCachingEnabled(), TOTAL)
                // Also makes one subtopology of both stages, so that there is one kind of task. Kafka Streams balances
                // the number of tasks per thread, not their load: of two kinds, one thread could get all the busy ones.
                .connectProcessorAndStateStores(TOTAL, StateStores.WINNERS)
                .addSink(WRITE_STATS, Topic.STATS.topicName(), same, stats, TOTAL);
    }

    /** Kafka Streams fails at a record without a time. */
    private static TimestampExtractor possible() {
        return (record, partitionTime) -> Limits.timeOf(record.timestamp());
    }

    /**
     * Dates all deltas before all grabs. A task processes the oldest record first, so deltas never wait behind grabs.
     */
    private static TimestampExtractor first() {
        return (record, partitionTime) -> 0;
    }
}
