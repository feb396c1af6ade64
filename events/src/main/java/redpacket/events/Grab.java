package redpacket.events;

/**
 * Event on {@code redpacket.grabs}: a user asks for a share.
 *
 * @param grabId identifies this grab of this user. A grab with the same id gets the same answer, from the opening of
 *     its packet until the packet is forgotten
 */
public record Grab(String grabId, String packetId, String userId) {
    public Grab {
        Ids.foreign("grabId", grabId);
        Ids.required("packetId", packetId);
        Ids.foreign("userId", userId);
    }
}
