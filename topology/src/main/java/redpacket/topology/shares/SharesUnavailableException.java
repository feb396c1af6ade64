package redpacket.topology.shares;

/** Redis did not deliver the next share in time. Nothing is lost; the grab can be decided later. */
public final class SharesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SharesUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
