package redpacket.topology.stores;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import redpacket.events.Topic;

/** What Kafka says about the input topics. */
public interface InputTopics {
    /** For topologies without a Kafka. */
    InputTopics UNKNOWN = new InputTopics() {
        @Override
        public Uuid idAtStart(Topic topic) {
            return Uuid.ZERO_UUID;
        }

        @Override
        public Uuid idNow(Topic topic) {
            return Uuid.ZERO_UUID;
        }

        @Override
        public long beginningAtStart(Topic topic, int partition) {
            return 0;
        }

        @Override
        public long goBackTo(TopicPartition partition, long offset) {
            return offset;
        }
    };

    /** The id that Kafka gave to the topic when it was created, as it was when this process started. */
    Uuid idAtStart(Topic topic);

    /** The same, asked now. */
    Uuid idNow(Topic topic);

    /** The offset of the first record that was not deleted when this process started. */
    long beginningAtStart(Topic topic, int partition);

    /**
     * Lets the consumer of the calling stream thread read on from an offset, if it would begin after it.
     *
     * @return the offset at which it would have begun, or the given one if it would not have begun after it
     */
    long goBackTo(TopicPartition partition, long offset);
}
