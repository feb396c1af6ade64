/**
 * The ledger for accounting: every cent funded, paid out and refunded, exactly once, in PostgreSQL.
 *
 * <pre>
 *  redpacket.packets ─┐
 *                     ├─► Ledger ─► LedgerBatch ─► LedgerTables ─► one transaction:
 *  redpacket.awards  ─┘                                              packets, awards, closings, refunds: new rows
 *                                                                    positions: next offset of each partition
 * </pre>
 *
 * <p>The transaction that writes the rows also moves the positions. After any crash, rows and positions therefore
 * agree.
 * A batch is written only if it begins exactly at the positions. A writer that was replaced without noticing writes
 * nothing.
 */
package redpacket.ledger;
