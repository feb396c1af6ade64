package redpacket.sink.readmodel;

/** Thrown when the read model is being built and no earlier one can be shown meanwhile. */
public final class NotServingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotServingException(double share) {
        super("The read model is being built from the topics, %.0f %% so far.".formatted(Math.floor(share * 100)));
    }
}
