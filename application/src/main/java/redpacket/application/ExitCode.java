package redpacket.application;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Exit codes. The help explains them. */
public final class ExitCode {
    public static final int GOOD = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int SETUP = 3;

    private ExitCode() {}

    /** Kafka may become available. A client that was refused will be refused again. */
    static int of(Throwable failure) {
        boolean isOfKafka = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
                return FAILED;
            }
            isOfKafka |= cause instanceof KafkaException;
        }
        return isOfKafka ? SETUP : FAILED;
    }
}
