/**
 * Proves from the topics alone that the money adds up. It uses the contract, and no code of the topology or the sink.
 *
 * <pre>
 *  redpacket.opens   ─ Inputs ─┐                        ┌─ PacketHistory  one packet: who won what, and was it right?
 *  redpacket.packets ──────────┼─ PartitionAudit ───────┤
 *  redpacket.grabs   ─ Inputs ─┤  partition by partition└─ RevealedCut    the shares, recomputed from the revealed seed
 *  redpacket.awards  ──────────┘
 *  redpacket.dead-letters ─ DeadLetters                    Findings ─► Report
 * </pre>
 *
 * <p>All records of a packet have the same partition number on every topic that is keyed by packet. The audit therefore
 * reads one partition at a time. It reads inputs and answers side by side, and forgets a pair once it matches.
 *
 * <p>More than 15 classes: each topic and each store is audited by a class of its own, and all of them add to the same
 * package-private findings.
 */
package redpacket.audit;
