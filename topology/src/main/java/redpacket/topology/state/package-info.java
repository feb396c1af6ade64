/**
 * What one task remembers: its packets, who has won what, and what is due. A small storage engine over three stores of
 * Kafka Streams.
 *
 * <pre>
 * LivePackets             the packets of a task: finds, opens, expires, forgets
 *   LiveMemory            how much memory the packets of all tasks may take
 *   PacketTable           the live packets by id; chooses the packet to evict
 *   LivePacket            one packet in memory: terms, winners, next shares
 *     winners.Winners     who has won what
 *   PacketStore           terms ......................... store "packets"     PacketFormat
 *   winners.WinnerStore   runs and journal ............... store "winners"
 * Deadlines               what is due, by log time ....... store "deadlines"   DeadlineFormat
 *   PacketLifetime        when a packet closes, and when it is forgotten
 * </pre>
 *
 * <p><b>What is written when.</b> Memory is always ahead of the stores by at most one transaction:
 *
 * <ul>
 *   <li>A packet's terms: when it opens, and when it expires.
 *   <li>A deadline: when a packet opens, and when it closes.
 * </ul>
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>Memory follows from the stores. A new task starts without it and rebuilds each packet on first use.
 *   <li>What the packets of all tasks take in memory is estimated, and stays below one limit. A task that is idle makes
 *       room for others within a second.
 *   <li>A packet that closes or is forgotten is not rebuilt for this.
 * </ul>
 */
package redpacket.topology.state;
