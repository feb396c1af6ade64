/**
 * What one task remembers: its packets, who has won what, and what is due. A small storage engine over three stores of
 * Kafka Streams.
 *
 * <pre>
 * LivePackets             the packets of a task: finds, opens, expires, forgets
 *   PacketTable           the live packets by id; chooses the packet to evict
 *   LivePacket            one packet in memory: terms, winners, next shares
 *     Winners             tally, index, and the winners that are in no run yet
 *       UserIndex         hash of a user id to share index; most losers end here
 *       OpenRun           the latest winners, in their stored form
 *   PacketStore           terms ......................... store "packets"     PacketFormat
 *   WinnerStore           runs: up to 256 winners each ... store "winners"     WinnerFormat
 *     WinnerJournal       the latest winners of all ...... store "winners"     JournalFormat
 * Deadlines               what is due, by log time ....... store "deadlines"   DeadlineFormat
 *   PacketLifetime        when a packet closes, and when it is forgotten
 * </pre>
 *
 * <p><b>What is written when.</b> Memory is always ahead of the stores by at most one transaction:
 *
 * <ul>
 *   <li>A packet's terms: when it opens, and when it expires.
 *   <li>A deadline: when a packet opens, and when it closes.
 *   <li>A winner: into the journal before the next commit, and earlier if 512 runs have changed.
 *   <li>A run: when it is full, when its packet is evicted or forgotten, or when its oldest entry is the oldest of a
 *       journal that has become too long.
 * </ul>
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>At each commit, runs and journal together hold every winner. Where both hold one, they agree.
 *   <li>The runs of a packet have no gaps: each run starts with the share after the last one of the run before.
 *       Deletion therefore starts with the last run.
 *   <li>The number of a packet's winners is its cursor. No other place stores it.
 *   <li>A page leaves the journal only after the runs of all its winners are written.
 *   <li>Memory follows from the stores. A new task starts without it and rebuilds each packet on first use.
 *   <li>Nothing refers to an evicted packet: the journal refers to {@code OpenRun}s, which do not know their packet.
 * </ul>
 */
package redpacket.topology.state;
