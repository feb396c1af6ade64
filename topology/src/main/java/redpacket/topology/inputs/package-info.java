/**
 * What the consumers know of the input before the processors see it, shared by the stream threads of a process.
 *
 * <pre>
 * LookAhead          the packets of the grabs that were just fetched, so that they wait for Redis together
 * FutureRecords      tells of records that are dated in the future
 * DrainedInputs      when everything fetched is processed, which is the moment to commit
 * FollowedConsumer   the consumer that reports its polls to them
 * </pre>
 */
package redpacket.topology.inputs;
