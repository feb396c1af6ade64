package redpacket.events;

/**
 * Event on {@code redpacket.grabs}: a user asks for a share.
 *
 * @param grabId identifies this grab of this user; a grab with the same id gets the same answer
 */
public record Grab(String grabId, String packetId, String userId) {
    public Grab {
        Ids.required("grabId", grabId);
        Ids.required("packetId", packetId);
        Ids.required("userId", userId);
    }
}
