/**
 * The solutions that are compared. {@code Contestants} lists them.
 *
 * <pre>
 *  Contestant
 *   ├─ LockQueue                                        Redis alone, one thread per grab
 *   └─ TimedContestant                                  its answers can be timed one by one
 *       ├─ StreamsContestant                            a topology on Kafka Streams
 *       │    PassThrough, RedPacketPipeline, RedPacketWithSink, SyncLua
 *       └─ DirectContestant                             a database alone
 *            RedisLua, PostgresRows
 * </pre>
 */
package redpacket.benchmark.contestants;
