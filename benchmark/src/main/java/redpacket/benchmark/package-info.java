/**
 * Side-by-side measurements: different {@linkplain redpacket.benchmark.Contestant contestants} answer the same grabs in
 * one run on one machine.
 *
 * <pre>
 *  BenchCommand    for each Workload, in rounds, for each Contestant ─► Measured ─► Results
 *  LatencyCommand  for each rate, in rounds, for each TimedContestant: Arrivals ─► Latency ─► Latencies
 *  GrowthCommand   BigPacket, ColdStart, workloads with many open packets ─► Growth
 *  SoakCommand     SoakLoad on a SoakedTopology ─► every minute a Footprint
 *  JmhCommand      the package micro
 * </pre>
 *
 * <p>More than 15 classes: every contestant, workload, measurement and result is a class of its own, and all of them
 * share the servers of one run. No other module uses any of them.
 */
package redpacket.benchmark;
