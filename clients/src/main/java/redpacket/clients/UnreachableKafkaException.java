package redpacket.clients;

import org.apache.kafka.common.KafkaException;

/** Thrown if Kafka does not answer. The message is a sentence for the user of a command. Waiting may help. */
public final class UnreachableKafkaException extends KafkaException {
    private static final long serialVersionUID = 1L;

    UnreachableKafkaException(String message, Throwable cause) {
        super(message, cause);
    }
}
