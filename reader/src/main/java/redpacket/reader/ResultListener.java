package redpacket.reader;

import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/** Is told what the pipeline committed. The events of one packet come in order; those of a group may come again. */
public interface ResultListener {
    default void onAward(Committed<AwardResult> award) {}

    default void onPacketEvent(Committed<PacketEvent> event) {}

    default void onStats(Committed<WindowStats> stats) {}
}
