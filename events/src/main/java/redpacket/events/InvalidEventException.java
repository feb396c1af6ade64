package redpacket.events;

/** Thrown when bytes or values are not an event of the contract; the message says what is wrong and never why it matters. */
public final class InvalidEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidEventException(String message) {
        super(message);
    }

    InvalidEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
