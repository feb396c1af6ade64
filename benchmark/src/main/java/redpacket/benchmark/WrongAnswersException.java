package redpacket.benchmark;

/** Thrown when a contestant's answers are wrong. Its rate then means nothing. */
final class WrongAnswersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongAnswersException(String message) {
        super(message);
    }
}
