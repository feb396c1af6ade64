package redpacket.sink.dashboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import redpacket.events.Counters;
import redpacket.sink.readmodel.Award;
import redpacket.sink.readmodel.PacketView;

/**
 * What the page shows, as it is sent each second.
 *
 * @param settledMillis windows that end later may still be counting
 * @param totals of the last 24 hours
 * @param lag records that are committed and not in the read model yet
 * @param latency from a grab to its award; null when nothing was answered of late
 * @param hottest null while the read model cannot be asked
 * @param awards the latest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Snapshot(
        long atMillis,
        long settledMillis,
        Counters totals,
        RecentActivity.Windows windows,
        long lag,
        Latency.Quantiles latency,
        List<HotPacket> hottest,
        List<Award> awards) {

    /** A packet that many want to have a share of. */
    record HotPacket(@JsonUnwrapped PacketView packet, double grabsPerSecond) {}

    /** Sent instead while there is nothing to show. */
    record Trouble(String trouble) {}
}
