/**
 * The read model: what came of packets and grabs, in Redis, where it can be looked up.
 *
 * <pre>
 * redpacket.awards  ─┐                          ┌─► packets' views, Winners
 * redpacket.packets ─┼─► ReadModel: Batch ─► Writer ─► users' awards  ─► Views ─► HTTP
 * redpacket.stats   ─┘        └─► Progress      └─► windows
 * </pre>
 *
 * <table>
 * <caption>Keys; {@code G} is the generation, a number</caption>
 * <tr><th>key<th>type<th>what
 * <tr><td>{@code redpacket:view}<td>hash<td>{@code generation} that is built, {@code serving} that is to be read, and of
 *     each partition the next offset ({@code at:}), where the generation began ({@code from:}) and is whole ({@code until:})
 * <tr><td><code>redpacket:view:G:{packetId}</code><td>hash<td>the packet: terms, {@code status}; what its closing
 *     says: {@code awardedShares}, {@code awardedCents}, the luckiest, {@code refundedCents}, {@code seed}
 * <tr><td><code>redpacket:view:G:{packetId}:winners</code><td>list<td>share by share: user, grab, cents, time, index,
 *     the grab's offset; up to this share: cents, index and cents of the luckiest
 * <tr><td><code>redpacket:user:G:{userId}:packets</code><td>sorted set by time<td>packet, share's index, cents, grab
 * <tr><td>{@code redpacket:stats:<scope>:<windowStartMillis>}<td>hash of integers<td>a window's counters, its
 *     {@code revision}, and whether it is {@code closed} (1 or 0)
 * <tr><td>{@code redpacket:stats:<scope>:windows}<td>sorted set<td>starts of the scope's windows
 * </table>
 *
 * <p>Every key expires but the first ({@link redpacket.sink.readmodel.Keeping}). Redis must not evict others:
 * {@code maxmemory-policy noeviction} or {@code volatile-ttl} with memory to spare. A share takes some 300 bytes.
 */
package redpacket.sink.readmodel;
