package redpacket.topology.stores;

import org.apache.kafka.common.Uuid;
import redpacket.events.Topic;

/** The input is another topic under the same name than the one whose records the stores remember. */
public final class OtherTopicsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherTopicsException(Topic topic, Uuid found, DecidedFormat.Decided decided) {
        super(("Topic %s is not the one that this application has decided up to offset %d: it was deleted and created"
                        + " again (its id is %s instead of %s). Start with a new --application-id on new topics; see"
                        + " Reset in docs/upgrades.md.")
                .formatted(topic, decided.nextOffset(), found, decided.topicId()));
    }
}
