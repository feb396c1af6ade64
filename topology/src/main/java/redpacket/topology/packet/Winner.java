package redpacket.topology.packet;

import redpacket.events.Share;

/**
 * A user who holds a share of a packet.
 *
 * @param grabId the grab that won the share. Only a grab with this id gets the award as its answer again.
 * @param share without the name of its prize, if it has one
 * @param prize the number of the share's prize, from 1; 0 if the packet has no prizes
 */
public record Winner(String userId, String grabId, Share share, int prize) {

    /** A winner of a packet without prizes. */
    public Winner(String userId, String grabId, Share share) {
        this(userId, grabId, share, 0);
    }
}
