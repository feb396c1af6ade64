/**
 * The read model: packets, winners, awards and statistics in Redis.
 *
 * <pre>
 * redpacket.awards  ─┐
 * redpacket.packets ─┼─► ReadModel ─► ReadModelBatch ─► Writer ─► Redis ─► Views
 * redpacket.stats   ─┘       └─► Progress: the positions ────────────┘
 * </pre>
 *
 * <p>{@code Writer} uses {@code WinnersWriter} for the winners of packets, and {@code UserAwardsWriter} for the awards
 * of users.
 *
 * <table>
 * <caption>Keys. {@code G} is the number of the generation, {@code B} the bucket: the CRC-16 of the packet id or user
 * id, modulo 128.</caption>
 * <tr><th>key<th>type<th>content
 * <tr><td>{@code redpacket:view}<td>hash<td>{@code generation}: the latest generation. {@code serving}: the generation
 *     that readers use. For each partition: the next offset ({@code at:}), the first offset of the generation
 *     ({@code from:}), and the offset at which the generation is whole ({@code until:})
 * <tr><td><code>redpacket:view:G:{packetId}</code><td>hash<td>The packet: its terms and {@code status}. Once closed
 * also
 *     {@code awardedShares}, {@code awardedCents}, the luckiest, {@code refundedCents} and {@code seed}. A field
 *     without a value is empty. Winners before {@code winnersSinceMillis} belong to a forgotten packet with the same id
 * <tr><td><code>redpacket:winners:G:{B}:&lt;dayStartMillis&gt;</code><td>hash<td>The winners of that day (UTC), for all
 *     packets of the bucket. The field is <code>packetId/index of the share</code>. The value has the user, grab,
 *     cents, time and grab offset, and the running totals of the packet: cents, index and cents of the luckiest
 * <tr><td><code>redpacket:users:G:{B}:&lt;dayStartMillis&gt;</code><td>sorted set, all scores 0<td>The awards of that
 *     day, for all users of the bucket. A member has the user, time with 13 digits, packet, share index, cents and grab
 * <tr><td><code>redpacket:users:G:{days}</code><td>sorted set<td>The starts of the days that have awards
 * <tr><td>{@code redpacket:stats:<scope>:<windowStartMillis>}<td>hash of integers<td>The counters of a window, its
 *     {@code revision}, and whether it is {@code closed} (1 or 0)
 * <tr><td>{@code redpacket:stats:<scope>:windows}<td>sorted set<td>The starts of the windows of the scope
 * </table>
 *
 * <p>Every key except {@code redpacket:view} expires ({@link redpacket.sink.readmodel.Retention}). Redis must not evict
 * keys: use {@code maxmemory-policy noeviction}, or {@code volatile-ttl} with memory to spare. A share takes some 300
 * bytes.
 *
 * <p>More than 15 classes: the writer and the reader share the names and the layout of the keys. These are
 * package-private, so that no other package depends on them.
 */
package redpacket.sink.readmodel;
