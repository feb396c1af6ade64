package redpacket.topology.stores;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import redpacket.clients.KafkaAddress;
import redpacket.clients.Topics;
import redpacket.events.Topic;

/** What Kafka says about the input topics, once at the start, and again when it matters. */
public final class TopicsInKafka implements InputTopics {
    private final KafkaAddress kafka;
    private final Map<Topic, Uuid> ids;
    private final Map<TopicPartition, Long> beginnings;

    public TopicsInKafka(KafkaAddress kafka, Admin admin) {
        this.kafka = kafka;
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
}
