package redpacket.benchmark;

/** Thrown when a contestant's answers are wrong: how fast they came is then of no interest. */
final class WrongAnswersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongAnswersException(String message) {
        super(message);
    }
}
