/**
 * The rules of a red packet. They are pure: time, seed and shares are arguments, and the same arguments give the same
 * answer.
 *
 * <pre>
 * OpenPacket ─► Opening ─► Packet ─► Cut: its shares, fixed by its Seed
 *                            │          (SeedSecret gives each packet its seed, CounterStream the random numbers)
 *                            ▼
 *       Grab ─► Decision ─► next share ─► Winner, Tally ─► closing event
 * </pre>
 *
 * <p>Nothing here knows Kafka, Redis, JSON or a clock. Nothing is random except through a seed.
 */
package redpacket.topology.packet;
