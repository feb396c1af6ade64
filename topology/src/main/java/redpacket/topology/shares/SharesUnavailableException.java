package redpacket.topology.shares;

/** The next share did not come from Redis in time; nothing is lost, the grab can be decided later. */
public final class SharesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SharesUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
