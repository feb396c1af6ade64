package redpacket.gateway.access;

/** Thrown if a JWT proves nothing. The message gives the reason, and nothing that is secret. */
final class RefusedJwtException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedJwtException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
