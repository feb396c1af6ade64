package redpacket.topology.state;

import redpacket.topology.packet.Packet;

/** A packet as its store holds it. */
record StoredPacket(Packet packet, boolean isExpired) {}
