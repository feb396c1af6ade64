/**
 * Proves from the topics alone that the money adds up: knows the contract, and nothing of the topology's code.
 *
 * <pre>
 *  redpacket.opens   ─ Inputs ─┐                        ┌─ PacketHistory  one packet: who won what, and was it right?
 *  redpacket.packets ──────────┼─ PartitionAudit ───────┤
 *  redpacket.grabs   ─ Inputs ─┤  partition by partition└─ RevealedCut    the shares, recomputed from the revealed seed
 *  redpacket.awards  ──────────┘
 *  redpacket.dead-letters ─ DeadLetters                    Findings ─► Report
 * </pre>
 *
 * <p>What belongs together has the same partition number on every topic that is keyed by packet, so that one partition is
 * audited at a time; inputs and answers are read side by side and forgotten once they match.
 */
package redpacket.audit;
