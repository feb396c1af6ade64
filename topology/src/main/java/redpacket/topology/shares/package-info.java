/**
 * The share queues in Redis: the shares of each packet in the order in which they are awarded, popped by cursor.
 *
 * <pre>
 * ShareReader      one packet's shares in order, a block ahead of need
 *   ShareQueues    pop, load and remove
 *     ShareQueue   the packet of a queue
 *     pop.lua      redpacket:{packetId}:shares and :popped
 *     append.lua   redpacket:{packetId}:loading:..., a queue that is being loaded
 *     publish.lua  puts the loaded queue in the place of both lists
 *     Outage       logs that Redis is down, and that it answers again
 *     Rebuilds     logs that Redis has lost queues
 * </pre>
 *
 * <p>Everything in Redis can be recomputed: the cursor is in Kafka's transaction, and the shares follow from the seed.
 */
package redpacket.topology.shares;
