/**
 * The read model: what came of packets and grabs, in Redis, where it can be looked up.
 *
 * <pre>
 * redpacket.awards  ─┐                            ┌─► WinnersWriter, UserAwardsWriter: days
 * redpacket.packets ─┼─► ReadModel: ReadModelBatch ─► Writer ─► packets           ─► Views ─► HTTP
 * redpacket.stats   ─┘        └─► Progress        └─► windows
 * </pre>
 *
 * <table>
 * <caption>Keys; {@code G} is the generation, a number</caption>
 * <tr><th>key<th>type<th>what
 * <tr><td>{@code redpacket:view}<td>hash<td>{@code generation} that is built, {@code serving} that is to be read, and of
 *     each partition the next offset ({@code at:}), where the generation began ({@code from:}) and is whole ({@code until:})
 * <tr><td><code>redpacket:view:G:{packetId}</code><td>hash<td>the packet: terms, {@code status}; what its closing says:
 *     {@code awardedShares}, {@code awardedCents}, the luckiest, {@code refundedCents}, {@code seed}, empty where it has none. Winners
 *     before {@code winnersSinceMillis} are of a packet that had the id before
 * <tr><td><code>redpacket:winners:G:{B}:&lt;dayStartMillis&gt;</code><td>hash<td>of all packets with {@code B} = CRC-16 of the id
 *     modulo 128, who won on that day (UTC), in the field <code>packetId/index of the share</code>: user, grab, cents, time, the grab's
 *     offset; of all the packet's winners up to this one: cents, index and cents of the luckiest
 * <tr><td><code>redpacket:users:G:{B}:&lt;dayStartMillis&gt;</code><td>sorted set, all scores 0<td>of all users with {@code B} =
 *     CRC-16 of the id modulo 128: user, time with 13 digits, packet, share's index, cents, grab
 * <tr><td><code>redpacket:users:G:{days}</code><td>sorted set<td>starts of the days on which somebody won
 * <tr><td>{@code redpacket:stats:<scope>:<windowStartMillis>}<td>hash of integers<td>a window's counters, its
 *     {@code revision}, and whether it is {@code closed} (1 or 0)
 * <tr><td>{@code redpacket:stats:<scope>:windows}<td>sorted set<td>starts of the scope's windows
 * </table>
 *
 * <p>Every key expires but the first ({@link redpacket.sink.readmodel.Retention}). Redis must not evict others:
 * {@code maxmemory-policy noeviction} or {@code volatile-ttl} with memory to spare. A share takes some 300 bytes.
 *
 * <p>More than 15 classes: the writing side and the reading side share the names and the layout of the keys, which are
 * package-private so that nothing else depends on them.
 */
package redpacket.sink.readmodel;
