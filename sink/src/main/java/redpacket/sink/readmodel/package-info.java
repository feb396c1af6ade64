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
 * <p>{@code docs/sink.md} describes the keys and their content. {@link redpacket.sink.readmodel.Retention} says when
 * they expire.
 *
 * <p>More than 15 classes: the writer and the reader share the names and the layout of the keys. These are
 * package-private, so that no other package depends on them.
 */
package redpacket.sink.readmodel;
