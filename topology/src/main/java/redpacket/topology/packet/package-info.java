/**
 * The rules of a red packet, pure: time, seed and shares come in as arguments, and the same inputs give the same answer.
 *
 * <pre>
 *  OpenPacket ─► {@link redpacket.topology.packet.Opening} ─► {@link redpacket.topology.packet.Packet} ─► {@link redpacket.topology.packet.Cut}: its shares, fixed by its {@link redpacket.topology.packet.Seed}
 *                                │
 *        Grab ─► {@link redpacket.topology.packet.Decision} ─► next share ─► {@link redpacket.topology.packet.Winner}, {@link redpacket.topology.packet.Tally} ─► closing event
 * </pre>
 *
 * <p>Nothing here knows Kafka, Redis, JSON or a clock, and nothing here is random but by a seed.
 */
package redpacket.topology.packet;
