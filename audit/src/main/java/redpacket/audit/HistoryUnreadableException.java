package redpacket.audit;

/** Thrown when nothing can be judged: topics are missing, cannot be read, or no longer have their beginning. */
public final class HistoryUnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HistoryUnreadableException(String message) {
        super(message);
    }

    HistoryUnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
