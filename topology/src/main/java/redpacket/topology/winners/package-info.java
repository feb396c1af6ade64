/**
 * Who has won what, in memory and in the store "winners".
 *
 * <pre>
 * Winners             of one live packet: tally, index, and the winners that are in no run yet
 *   UserIndex         hash of a user id to share index; most losers end here
 *     IdHash          with a key of the process, so that nobody can choose ids that collide
 *   OpenRun           the latest winners, in their stored form
 * WinnerStore         of all packets of a task. Runs: up to 256 winners each     WinnerFormat
 *   WinnerJournal     the latest winners of all packets                          JournalFormat
 * </pre>
 *
 * <p><b>What is written when.</b>
 *
 * <ul>
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
 *   <li>A run begins with the tally of all winners up to its last one. So the last run tells what a closing needs.
 *   <li>The number of a packet's winners is its cursor.
 *   <li>A page leaves the journal only after the runs of all its winners are written.
 *   <li>Nothing refers to an evicted packet: the journal refers to {@code OpenRun}s, which do not know their packet.
 * </ul>
 */
package redpacket.topology.winners;
