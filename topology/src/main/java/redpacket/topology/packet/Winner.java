package redpacket.topology.packet;

import redpacket.events.Share;

/**
 * A user who holds a share of a packet.
 *
 * @param grabId the grab that won the share. Only a grab with this id gets the award as its answer again.
 */
public record Winner(String userId, String grabId, Share share) {}
