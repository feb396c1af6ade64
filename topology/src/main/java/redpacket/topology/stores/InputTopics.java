package redpacket.topology.stores;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import redpacket.events.Topic;

/** What Kafka says about the input topics. By default they have no id, and nothing was deleted. */
public interface InputTopics {
    /** For topologies without a Kafka. */
    InputTopics UNKNOWN = new InputTopics() {};

    /** The id that Kafka gave to the topic when it was created, as it was when this process started. */
    default Uuid idAtStart(Topic topic) {
        return Uuid.ZERO_UUID;
    }

    /** The same, asked now. */
    default Uuid idNow(Topic topic) {
        return idAtStart(topic);
    }

    /** The offset of the first record that was not deleted when this process started. */
    default long beginningAtStart(Topic topic, int partition) {
        return 0;
    }

    /**
     * Lets the consumer of the calling stream thread read on from an offset, if it would begin after it.
     *
     * @return the offset at which it would have begun, or the given one if it would not have begun after it
     */
    default long goBackTo(TopicPartition partition, long offset) {
        return offset;
    }
}
