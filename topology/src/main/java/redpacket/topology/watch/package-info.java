/**
 * The watch: whether each input partition goes on, and why not. It asks Kafka on a thread of its own and believes no
 * stream thread.
 *
 * <pre>
 * Watch               takes a look each second; health, metrics and the thread dump of a stuck instance come from it
 *   Guard             whether the instance is stuck
 *   Looks             takes one look: offsets of all input partitions, and what waits in them
 *     InputLook       what a look saw of one partition
 *     FirstRecords    reads the first record after an offset
 *   Obstacles         what holds up the group as a whole: topics, changelogs, pending offsets
 *     OpenTransaction a transaction that hides records, with the command that ends it
 *   Failures          failures of stream threads; how long their successors wait
 *   Inquest           everything about a standing group, as text
 *   ThreadDump        the stacks of all threads, to a file
 * </pre>
 */
package redpacket.topology.watch;
