package redpacket.sink.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import redpacket.events.Counters;
import redpacket.sink.readmodel.Award;
import redpacket.sink.readmodel.PacketView;

/**
 * The data of the page, sent once a second.
 *
 * @param settledMillis the counters of windows that end later may still change
 * @param totals counters of the last 24 hours
 * @param windows the latest windows
 * @param lag committed records that are not in the read model yet
 * @param latency from grab to award; null if there was no answer in the last seconds
 * @param hottest null while the read model is unavailable
 * @param awards the latest awards, latest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Snapshot(
        long atMillis,
        long settledMillis,
        Counters totals,
        RecentActivity.WindowColumns windows,
        long lag,
        Latency.Quantiles latency,
        List<HotPacket> hottest,
        List<Award> awards) {

    /** A packet with its grab rate. */
    record HotPacket(@JsonUnwrapped PacketView packet, double grabsPerSecond) {}

    /** Sent instead of a snapshot, with the reason why there is none. */
    record Trouble(String trouble) {}
}
