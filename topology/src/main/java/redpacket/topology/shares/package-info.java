/**
 * The share queues in Redis: the shares of each packet in the order in which they are awarded, popped by cursor.
 *
 * <pre>
 * ShareReader      one packet's shares in order, a block ahead of need
 *   ShareQueues    pop, load and remove
 *     ShareQueue   the packet of a queue, and its keys
 *     ShareEntries shares and their tags, as Redis keeps them
 *     pop.lua      redpacket:{packetId}:COMMITMENT:shares and :popped
 *     append.lua   redpacket:{packetId}:COMMITMENT:loading:UUID, a queue that is being loaded
 *     publish.lua  puts the loaded queue in the place of both lists
 *     Outage       logs that Redis is down, and that it answers again
 *     Incidents    logs and counts queues that Redis has lost, damaged or does not keep
 *     Distrust     the queues that Redis does not keep
 *   Patience       how long a stream thread may still wait for Redis
 * </pre>
 *
 * <p>Everything in Redis can be recomputed: the cursor is in Kafka's transaction, and the shares follow from the seed.
 */
package redpacket.topology.shares;
