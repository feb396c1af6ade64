/**
 * The wiring: topics, nodes and settings, and the processor that connects the rules with the state.
 *
 * <pre>
 * TopologyCommand              runs one instance until SIGTERM
 *   RedPacketApplication       starts Kafka Streams, replaces failed threads, tells the health
 *     StreamsSettings          the configuration of Kafka Streams
 *       FailStreamThread       lets a failure of a processor fail its thread
 *     RedPacketTopology        nodes, stores and their names
 *       Nodes                  names of the nodes to which processors forward
 *       Ingest                 bytes to events; an unreadable record becomes a DeadLetter
 *         FailedRecords        where the pipeline failed; at the second time the record becomes a DeadLetter
 *       PacketProcessor        reads the state, asks the rules, changes the state, forwards
 *         TopologyDependencies what the processor needs besides its records and stores
 *         Tick                 a record that only advances the log time
 *         TraceHeaders         the headers that pass from a command to its answer
 *         TaskCounts           the counts of one task, added to PacketMeters once a second
 *           LatencyBuckets     the buckets of the histogram in both
 * </pre>
 *
 * <p>The processor uses {@link redpacket.topology.state} for packets, winners and deadlines,
 * {@link redpacket.topology.stats} to count, and {@link redpacket.topology.inputs} to learn which packets come next and
 * when to commit. Each task has its own processor and its own state, so these need no locks. {@link
 * redpacket.topology.watch} sees from outside whether the inputs go on.
 *
 * <p>More than 15 classes: only the command and the application are public, and a package for some of the others would
 * make them public too.
 */
package redpacket.topology.streams;
