/**
 * The contract: the records on each topic, their limits, and how they are written as JSON.
 *
 * <pre>
 * Topic              the topics and the settings that they must have
 *   PacketCommand      a command on redpacket.opens: OpenPacket with its Prizes, CancelPacket
 *   Grab               an event on redpacket.grabs
 *   AwardResult        the answer to a grab on redpacket.awards: Outcome, Share
 *   PacketEvent        what happened to a packet, on redpacket.packets
 *   WindowStats        statistics on redpacket.stats: Counters, Counter
 *   TraceContext       the trace of a command and of its answer, in their headers
 *   DeadLetterHeaders  the reason and the origin of a record on redpacket.dead-letters
 * Json               bytes to events and back, with fast ways for grabs and award results
 * Limits, Ids        the limits of the contract and the rule for ids
 * </pre>
 *
 * <p>More than 15 classes: every kind of record is a class, and their readers and writers share package-private code.
 */
package redpacket.events;
