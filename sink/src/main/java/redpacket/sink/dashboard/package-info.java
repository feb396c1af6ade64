/**
 * The page that shows what is going on.
 *
 * <pre>
 * redpacket.awards, the latest  ─┐
 * redpacket.stats, of a day     ─┼─► LiveFeed: RecentActivity ─► a Snapshot each second ─► Dashboard ─► server-sent events ─► page/
 * the read model, hot packets   ─┘
 * </pre>
 *
 * <p>What the page shows of one packet it asks of {@link redpacket.sink.http.HttpApi}.
 */
package redpacket.sink.dashboard;
