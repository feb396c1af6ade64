package redpacket.topology.packet;

import redpacket.events.Share;

/**
 * Who holds what of a packet.
 *
 * @param grabId the grab that won it; only a grab with this id is answered with the award again
 */
public record Winner(String userId, String grabId, Share share) {}
