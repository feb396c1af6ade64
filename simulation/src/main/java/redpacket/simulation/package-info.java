/**
 * Histories full of faults, in simulated time. The code of the topology is real; Kafka, Kafka Streams, Redis and the
 * clocks are simulated.
 *
 * <pre>
 *  Plan ── Step, Happening ──► World ─┬─ Instance ─── Task ─── NodeContext, MapStore ──► the real processors (Nodes)
 *  a seed                             │                                                   │
 *                                     ├─ SimulatedLog, ConsumerGroup ◄── transactions ────┤
 *                                     ├─ FlakyRedis ── RedisModel ◄── the real share queues
 *                                     ├─ SimulatedTime
 *                                     └─ Oracle, TopicsCheck ──► Violation ──► Simulation: shrinks and tells
 * </pre>
 *
 * <p>More than 15 classes: each simulated part is a class or two, and only the world ties them together.
 */
package redpacket.simulation;
