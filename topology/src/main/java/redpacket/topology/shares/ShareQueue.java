package redpacket.topology.shares;

import java.util.function.Supplier;

/**
 * The packet of a queue.
 *
 * @param shares the number of shares
 * @param cut all shares in cents, in the order in which they are awarded. Called whenever the queue must be loaded,
 *     from any thread. The result is always the same.
 * @param expiresAtMillis when Redis may delete the queue
 */
public record ShareQueue(String packetId, int shares, Supplier<long[]> cut, long expiresAtMillis) {}
