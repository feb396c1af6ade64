package redpacket.events;

/**
 * Thrown if bytes or values are not an event of the contract. The message names the field and says what is wrong with
 * it.
 */
public final class InvalidEventException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidEventException(String message) {
        super(message);
    }

    InvalidEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
