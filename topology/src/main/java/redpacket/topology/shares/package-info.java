/**
 * The share queues in Redis: a packet's shares in the order they are handed out, popped by cursor.
 *
 * <pre>
 *   ShareReader ──pop from cursor──► ShareQueues ──pop.lua──────────────► redpacket:{packetId}:shares, :popped
 *   (a block ahead of need)               └─ load ──append, publish.lua──► redpacket:{packetId}:loading:…
 * </pre>
 *
 * <p>Redis holds nothing that cannot be made again: the cursor is in Kafka's transaction, the shares follow from the seed.
 */
package redpacket.topology.shares;
