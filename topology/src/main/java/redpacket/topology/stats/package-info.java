/**
 * The statistics: counters per window and scope, in two stages, so that no partition has to count all grabs.
 *
 * <pre>
 * answers ─► WindowDeltas ──once a second──► redpacket.stats-deltas ─► WindowTotals ──once a second──► redpacket.stats
 *            first stage, in each task:                                second stage, by scope and window:
 *            store "winners", DeltaFormat                              store "window-totals", TotalFormat
 *
 * WindowSettings   length of the windows, and when they close and are forgotten
 * WindowTotal      one window of one scope in the second stage
 * WindowFormat     the key of a window and its counters, in both formats
 * </pre>
 *
 * <p><b>Invariants.</b>
 *
 * <ul>
 *   <li>A count commits in the transaction of its answer. Sending it and deleting it from the first stage is one
 *       transaction too. So each answer is counted once.
 *   <li>The revision of a window grows by one with each publication, and a closed window stays closed.
 *   <li>A count for a closed window is published as a correction.
 * </ul>
 */
package redpacket.topology.stats;
