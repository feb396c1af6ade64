package redpacket.producer;

/** Thrown if a client waits for as many answers as it can remember. Nothing was sent: ask again later. */
public final class TooManyQuestionsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyQuestionsException(int most) {
        super("The client waits for " + most + " answers, which is the most. Nothing was sent: ask again later");
    }
}
