package redpacket.topology.stores;

import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import redpacket.clients.KafkaAddress;
import redpacket.clients.Topics;
import redpacket.events.Topic;

/** What Kafka says about the input topics, once at the start, and again when it matters. */
public final class TopicsInKafka implements InputTopics {
    /** When a task starts, its consumer has asked for its positions already. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KafkaAddress kafka;
    private final Map<Topic, Uuid> ids;
    private final Map<TopicPartition, Long> beginnings;
    private final Supplier<Consumer<?, ?>> consumer;

    /**
     * Asks Kafka.
     *
     * @param consumer that of the calling stream thread
     */
    public TopicsInKafka(KafkaAddress kafka, Admin admin, Supplier<Consumer<?, ?>> consumer) {
        this.kafka = kafka;
        this.consumer = consumer;
        Topic[] inputs = {Topic.OPENS, Topic.GRABS, Topic.STATS_DELTAS};
        ids = Topics.ids(admin, inputs);
        beginnings = Topics.beginnings(admin, inputs);
    }

    @Override
    public Uuid idAtStart(Topic topic) {
        return ids.get(topic);
    }

    @Override
    public Uuid idNow(Topic topic) {
        try (Admin admin = Admin.create(kafka.clientSettings())) {
            return Topics.ids(admin, topic).get(topic);
        }
    }

    @Override
    public long beginningAtStart(Topic topic, int partition) {
        return beginnings.getOrDefault(new TopicPartition(topic.topicName(), partition), 0L);
    }

    @Override
    public long goBackTo(TopicPartition partition, long offset) {
        Consumer<?, ?> reading = consumer.get();
        if (!reading.assignment().contains(partition)) {
            return offset;
        }
        try {
            long position = reading.position(partition, PATIENCE);
            if (position > offset) {
                reading.seek(partition, offset);
            }
            return Math.max(position, offset);
        } catch (NoOffsetForPartitionException willBeginAtTheBeginning) {
            return offset;
        } catch (TimeoutException unknown) {
            reading.seek(partition, offset);
            return offset;
        }
    }
}
