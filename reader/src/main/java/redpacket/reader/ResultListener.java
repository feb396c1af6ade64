package redpacket.reader;

import redpacket.events.AwardResult;
import redpacket.events.PacketEvent;
import redpacket.events.WindowStats;

/**
 * Receives what the pipeline committed. The events of one packet on one topic come in order. A reader in a group may
 * pass an event again.
 */
public interface ResultListener {
    default void onAward(Committed<AwardResult> award) {}

    default void onPacketEvent(Committed<PacketEvent> event) {}

    default void onStats(Committed<WindowStats> stats) {}
}
