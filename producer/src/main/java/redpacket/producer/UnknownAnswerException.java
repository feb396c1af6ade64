package redpacket.producer;

import java.util.Optional;

/**
 * Thrown if a question got no answer in time. It may have been answered, or may still be. Asking again with the same
 * ids is safe, and is answered like the first time.
 */
public final class UnknownAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Appended stored;

    UnknownAnswerException(String message, Appended stored, Throwable cause) {
        super(message, cause);
        this.stored = stored;
    }

    /** The record of the question. Empty if it is unknown whether Kafka has stored the record. */
    public Optional<Appended> stored() {
        return Optional.ofNullable(stored);
    }
}
