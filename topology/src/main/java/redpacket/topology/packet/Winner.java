package redpacket.topology.packet;

import redpacket.events.Share;

/**
 * What a user holds of a packet.
 *
 * @param grabId the grab that won it; only a grab with this id is answered with the award again
 */
public record Winner(String grabId, Share share) {}
