/**
 * The durable record for accounting: every cent funded, paid out and paid back, each exactly once, in PostgreSQL.
 *
 * <pre>
 *  redpacket.packets ─┐                                      ┌─ packets, awards, closings, refunds: rows, written once
 *                     ├─► {@link redpacket.ledger.Ledger} ─► {@link redpacket.ledger.LedgerBatch} ─► {@link redpacket.ledger.LedgerTables} ─┤  (one transaction)
 *  redpacket.awards  ─┘     one thread                       └─ positions: how far each partition is written
 * </pre>
 *
 * <p>The positions are in PostgreSQL and move in the transaction that writes the rows. So whatever dies, and whenever, the
 * rows and the positions tell of the same prefix of each partition. A batch is written only when it begins exactly at the
 * positions: a writer that was replaced without knowing it writes nothing.
 */
package redpacket.ledger;
