/**
 * The wiring: which topics are read and written, what is stored, and how a crash is survived.
 *
 * <pre>
 * RedPacketApplication  runs it: one process, some stream threads
 *   RedPacketTopology   nodes, stores, sinks and their names
 *     Ingest            bytes to events; what cannot be read becomes a dead letter
 *     PacketProcessor   reads the stores, asks the rules of topology.packet, writes the stores, forwards
 *       LookAhead       which packets the consumer has just fetched grabs of
 *       LivePackets     packets at hand: what the stores hold, or will hold at the next commit
 *       WinnerStore     who has won what, written in runs before each commit
 *       Deadlines       what to close and to forget, in time order
 *       WindowDeltas    what was counted and not sent on yet
 *     WindowTotals      adds up what all tasks have counted, and publishes it
 * </pre>
 */
package redpacket.topology.streams;
