package redpacket.ledger;

/** Thrown when a batch does not begin at the ledger's positions, because another process has written. */
final class StalePositionException extends Exception {
    private static final long serialVersionUID = 1L;

    StalePositionException(String message) {
        super(message);
    }
}
