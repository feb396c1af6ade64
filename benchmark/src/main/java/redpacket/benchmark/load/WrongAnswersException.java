package redpacket.benchmark.load;

/** Thrown when a contestant's answers are wrong. Its rate then means nothing. */
public final class WrongAnswersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WrongAnswersException(String message) {
        super(message);
    }
}
