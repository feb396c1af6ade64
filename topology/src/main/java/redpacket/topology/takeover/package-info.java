/**
 * How partitions move at once when the process of an instance ends.
 *
 * <pre>
 * LeavingClients  leave the consumer group when an instance stops or a stream thread fails
 * PeerAddress     reads the address at which the others can see this process
 * PeerWatch       sees the end of other processes over TCP
 *   Takeover      aborts their transactions and removes them from the consumer group
 * </pre>
 */
package redpacket.topology.takeover;
