package redpacket.events;

/**
 * Event on {@code redpacket.grabs}: a user reached for a share.
 *
 * @param grabId names this grab of this user; sending it again asks for the same answer again
 */
public record Grab(String grabId, String packetId, String userId) {
    public Grab {
        Ids.required("grabId", grabId);
        Ids.required("packetId", packetId);
        Ids.required("userId", userId);
    }
}
