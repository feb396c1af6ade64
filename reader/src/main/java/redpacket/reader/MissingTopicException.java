package redpacket.reader;

import redpacket.events.Topic;

/** Thrown if Kafka answers, but has not the topics of a pipeline. */
public final class MissingTopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MissingTopicException(Topic topic) {
        super("Kafka has no topic " + topic);
    }
}
