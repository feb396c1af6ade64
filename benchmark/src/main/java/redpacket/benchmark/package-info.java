/**
 * Side-by-side measurements: the same grabs, answered by different {@linkplain redpacket.benchmark.Contestant contestants} in
 * one run, on one machine.
 *
 * <pre>
 *  {@link redpacket.benchmark.BenchCommand} ─► for each {@link redpacket.benchmark.Workload}, in rounds, for each {@link redpacket.benchmark.Contestant} ─► {@link redpacket.benchmark.Measured} ─► {@link redpacket.benchmark.Results}
 * </pre>
 */
package redpacket.benchmark;
