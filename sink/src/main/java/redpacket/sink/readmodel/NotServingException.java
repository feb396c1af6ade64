package redpacket.sink.readmodel;

/** Thrown while the read model is being built and there is no earlier generation to serve. */
public final class NotServingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotServingException(double share) {
        super("The read model is being built from the topics, %.0f %% so far.".formatted(Math.floor(share * 100)));
    }
}
