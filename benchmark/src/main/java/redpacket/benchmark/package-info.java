/**
 * Side-by-side measurements: the same grabs, answered by different {@linkplain redpacket.benchmark.Contestant contestants} in
 * one run, on one machine.
 *
 * <pre>
 *  {@link redpacket.benchmark.BenchCommand} ─► for each {@link redpacket.benchmark.Workload}, in rounds, for each {@link redpacket.benchmark.Contestant} ─► {@link redpacket.benchmark.Measured} ─► {@link redpacket.benchmark.Results}
 *  {@link redpacket.benchmark.LatencyCommand} ─► in rounds, for each rate, ours and the floor: {@link redpacket.benchmark.Arrivals} ─► {@link redpacket.benchmark.Latency} ─► {@link redpacket.benchmark.Latencies}
 *  {@link redpacket.benchmark.GrowthCommand} ─► {@link redpacket.benchmark.BigPacket}, {@link redpacket.benchmark.ColdStart}, workloads with many packets open ─► {@link redpacket.benchmark.Growth}
 *  {@link redpacket.benchmark.SoakCommand} ─► {@link redpacket.benchmark.SoakLoad} on a {@link redpacket.benchmark.SoakedTopology}, every minute its {@link redpacket.benchmark.Footprint}
 *  {@link redpacket.benchmark.JmhCommand} ─► {@link redpacket.benchmark.micro}
 * </pre>
 *
 * <p>More than 15 classes: every contestant, workload, measurement and result is a class of its own, and all of them share the
 * servers of one run. No other module uses any of them.
 */
package redpacket.benchmark;
