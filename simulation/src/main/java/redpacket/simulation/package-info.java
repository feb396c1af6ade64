/**
 * Histories full of faults, in simulated time. The code of the topology is real; Kafka, Kafka Streams, Redis and the
 * clocks are simulated.
 *
 * <pre>
 *  Plan ── Step, Happening ──► World ─┬─ Instance ── StreamThread ── Task ── NodeContext, MapStore
 *  a seed                             │                   │                       │
 *                                     │                   │                       └──► the real processors (Nodes)
 *                                     ├─ SimulatedLog, ConsumerGroup ◄── transactions
 *                                     ├─ FlakyRedis ── RedisModel ◄── the real share queues
 *                                     ├─ Redriver, Bugs: dead letters
 *                                     ├─ SimulatedTime
 *                                     └─ Oracle, TopicsCheck ──► Violation ──► Simulation: shrinks; Story: tells
 *
 *  SimulateCommand ── Histories: one after the other on each processor
 * </pre>
 *
 * <p>More than 15 classes: each simulated part is a class or two, and only the world ties them together.
 */
package redpacket.simulation;
