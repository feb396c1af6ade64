/**
 * The Kafka Streams application that decides grabs. Each package uses only packages below it.
 *
 * <pre>
 * streams   wiring: nodes, settings, the processor, the command
 *   stats     windows, counted in two stages
 *   state     what a task remembers: live packets, deadlines
 *     winners   who has won what: index, runs, journal
 *   takeover  how partitions move at once when another process ends
 *   inputs    what the consumers know before the processors see a record
 *     stores    how stores are built, and written just before a commit
 *     shares    the share queues in Redis
 *       packet    the rules, pure
 * </pre>
 */
package redpacket.topology;
