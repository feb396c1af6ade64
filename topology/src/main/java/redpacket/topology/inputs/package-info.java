/**
 * What the consumers know of the input before the processors see it. Two interceptors of Kafka's consumer, which the
 * threads of a process share, and what is told of the input.
 *
 * <pre>
 * LookAhead       the packets of the grabs that were just fetched, so that they wait for Redis together
 * FutureRecords   tells of records that are dated in the future
 * DrainedInputs   when everything fetched is processed, which is the moment to commit
 * </pre>
 */
package redpacket.topology.inputs;
