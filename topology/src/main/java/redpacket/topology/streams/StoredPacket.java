package redpacket.topology.streams;

import redpacket.topology.packet.Packet;
import redpacket.topology.packet.Tally;

/**
 * A packet as its store holds it.
 *
 * @param closing what had been handed out when the packet was closed; null while it is open
 */
record StoredPacket(Packet packet, Tally closing) {
    boolean isClosed() {
        return closing != null;
    }
}
