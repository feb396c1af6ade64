/**
 * The dashboard: a page with live counters, charts, packets and awards.
 *
 * <pre>
 * redpacket.awards, the latest  ─┐
 * redpacket.stats, of a day     ─┼─► LiveFeed: RecentActivity ─► Snapshot, once a second ─► Dashboard
 * the read model, hot packets   ─┘                                                            │
 *                                                               page/ ◄── server-sent events ─┘
 * </pre>
 *
 * <p>The page of a packet reads the packet from {@link redpacket.sink.http.HttpApi}.
 */
package redpacket.sink.dashboard;
