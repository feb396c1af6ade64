package redpacket.topology.shares;

import java.util.function.Supplier;

/**
 * A packet as its queue needs to know it.
 *
 * @param shares how many it has
 * @param cut all shares in cents, in the order they are handed out; asked for whenever the queue has to be loaded, from any
 *     thread, and always the same
 * @param expiresAtMillis when Redis may forget the queue; not after the packet is purged, when its id may be used again
 */
public record ShareQueue(String packetId, int shares, Supplier<long[]> cut, long expiresAtMillis) {}
