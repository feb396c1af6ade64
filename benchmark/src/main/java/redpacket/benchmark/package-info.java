/**
 * Side-by-side measurements: different {@linkplain redpacket.benchmark.contestants.Contestant contestants} answer the
 * same grabs in one run on one machine. Each package uses only packages below it.
 *
 * <pre>
 *  throughput   BenchCommand: for each Workload, in rounds, for each Contestant ─► Results
 *  latency      LatencyCommand: for each rate, in rounds, for each TimedContestant ─► Latencies
 *  growth       GrowthCommand: BigPacket, ColdStart, workloads with many open packets ─► Growth
 *  soak         SoakCommand, FillCommand: SoakLoad on a SoakedTopology ─► every minute a Footprint
 *  micro        JmhCommand: the rules, the JSON code and the statistics in isolation
 *
 *  contestants  the solutions that are compared
 *  ground       where a run takes place: Kafka, Redis, instances of a topology
 *  figures      what was measured, and the file that keeps it
 *  load         the grabs, and whether their answers are right
 * </pre>
 */
package redpacket.benchmark;
